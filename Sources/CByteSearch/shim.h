// Finds bytes sixteen at a time where the processor can, which Swift has no word for.
#include <stddef.h>
#include <stdint.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

// Writes the offsets of the bytes that are `first` or `second` to `offsets`, those of the first
// `limit`, and returns how many it wrote. Reads no byte beyond `count`.
static inline ptrdiff_t sluice_find_bytes(
    const uint8_t *bytes, ptrdiff_t count, uint8_t first, uint8_t second,
    ptrdiff_t *offsets, ptrdiff_t limit) {
  ptrdiff_t found = 0;
  ptrdiff_t offset = 0;
  if (limit <= 0) return 0;
#if defined(__SSE2__)
  const __m128i firsts = _mm_set1_epi8((char)first);
  const __m128i seconds = _mm_set1_epi8((char)second);
  for (; offset + 16 <= count; offset += 16) {
    __m128i chunk = _mm_loadu_si128((const __m128i *)(bytes + offset));
    __m128i same = _mm_or_si128(_mm_cmpeq_epi8(chunk, firsts), _mm_cmpeq_epi8(chunk, seconds));
    // One bit for each byte.
    unsigned bits = (unsigned)_mm_movemask_epi8(same);
    while (bits != 0) {
      offsets[found++] = offset + __builtin_ctz(bits);
      if (found == limit) return found;
      bits &= bits - 1;
    }
  }
#elif defined(__ARM_NEON) && defined(__aarch64__)
  const uint8x16_t firsts = vdupq_n_u8(first);
  const uint8x16_t seconds = vdupq_n_u8(second);
  for (; offset + 16 <= count; offset += 16) {
    uint8x16_t chunk = vld1q_u8(bytes + offset);
    uint8x16_t same = vorrq_u8(vceqq_u8(chunk, firsts), vceqq_u8(chunk, seconds));
    // Four bits for each byte, of which one is kept.
    uint8x8_t halves = vshrn_n_u16(vreinterpretq_u16_u8(same), 4);
    uint64_t bits = vget_lane_u64(vreinterpret_u64_u8(halves), 0) & 0x8888888888888888;
    while (bits != 0) {
      offsets[found++] = offset + __builtin_ctzll(bits) / 4;
      if (found == limit) return found;
      bits &= bits - 1;
    }
  }
#endif
  for (; offset < count; offset++) {
    if (bytes[offset] != first && bytes[offset] != second) continue;
    offsets[found++] = offset;
    if (found == limit) return found;
  }
  return found;
}
