#include "build.h"

// scripts/stamp-commit writes it; git does not know it.
#if !defined(DEBUG) && __has_include("commit.inc")
#include "commit.inc"
#else
#define SLUICE_COMMIT ""
#endif

const char *sluice_commit(void) { return SLUICE_COMMIT; }
