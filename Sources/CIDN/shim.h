#include <stdlib.h>
#include <stringprep.h>

// The profile is reached by a macro only. `*out` must be freed by the caller.
static inline int sluice_saslprep(const char *text, char **out) {
  return stringprep_profile(text, out, "SASLprep", 0);
}
