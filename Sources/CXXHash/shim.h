// XXH3 is header-only here: inlining the hash into the scan loop is worth more than a shared object.
#define XXH_INLINE_ALL
#include <xxhash.h>

static inline XXH128_hash_t sluice_hash128(const void *bytes, size_t count, uint64_t seed) {
  return XXH3_128bits_withSeed(bytes, count, seed);
}

static inline uint64_t sluice_hash64(const void *bytes, size_t count, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes, count, seed);
}
