// XXH3 is header-only here: inlining the hash into the scan loop is worth more than a shared object.
#define XXH_INLINE_ALL
#include <xxhash.h>

// XXH_INLINE_ALL renames the library's own types, so this one crosses to Swift.
typedef struct {
  uint64_t low;
  uint64_t high;
} sluice_hash128_value;

static inline sluice_hash128_value sluice_hash128(const void *bytes, size_t count, uint64_t seed) {
  XXH128_hash_t hash = XXH3_128bits_withSeed(bytes, count, seed);
  return (sluice_hash128_value){hash.low64, hash.high64};
}

static inline uint64_t sluice_hash64(const void *bytes, size_t count, uint64_t seed) {
  return XXH3_64bits_withSeed(bytes, count, seed);
}
