// For the parameter below, which is a macro that Swift does not see.
#define ZSTD_STATIC_LINKING_ONLY
#include <zstd.h>

static const ZSTD_cParameter sluice_stable_input = ZSTD_c_stableInBuffer;
