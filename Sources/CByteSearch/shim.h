// Finds bytes sixteen at a time where the processor can, which Swift has no word for.
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__ARM_NEON) && defined(__aarch64__)
#include <arm_neon.h>
#endif

#if defined(__SSE2__)
// One bit for each of sixteen bytes that is one of `firsts` or `seconds`.
static inline unsigned sluice_same_bytes(const uint8_t *bytes, __m128i firsts, __m128i seconds) {
  __m128i chunk = _mm_loadu_si128((const __m128i *)bytes);
  return (unsigned)_mm_movemask_epi8(
      _mm_or_si128(_mm_cmpeq_epi8(chunk, firsts), _mm_cmpeq_epi8(chunk, seconds)));
}

// Writes `offset` plus the place of each bit of `bits` to `offsets`; no more than `limit` in all.
static inline ptrdiff_t sluice_write_offsets(
    unsigned bits, ptrdiff_t offset, ptrdiff_t *offsets, ptrdiff_t found, ptrdiff_t limit) {
  while (bits != 0 && found < limit) {
    offsets[found++] = offset + __builtin_ctz(bits);
    bits &= bits - 1;
  }
  return found;
}
#endif

// Writes the offsets of the bytes that are `first` or `second` to `offsets`, those of the first
// `limit`, and returns how many it wrote. Reads no byte beyond `count`.
static inline ptrdiff_t sluice_find_bytes(
    const uint8_t *bytes, ptrdiff_t count, uint8_t first, uint8_t second,
    ptrdiff_t *offsets, ptrdiff_t limit) {
  ptrdiff_t found = 0;
  ptrdiff_t offset = 0;
#if defined(__SSE2__)
  const __m128i firsts = _mm_set1_epi8((char)first);
  const __m128i seconds = _mm_set1_epi8((char)second);
  for (; offset + 16 <= count && found < limit; offset += 16) {
    unsigned bits = sluice_same_bytes(bytes + offset, firsts, seconds);
    found = sluice_write_offsets(bits, offset, offsets, found, limit);
  }
  if (offset == count || found >= limit) return found;
  if (count >= 16) {
    // The rest, in a chunk that overlaps with the one before.
    unsigned bits = sluice_same_bytes(bytes + count - 16, firsts, seconds) >> (16 - (count - offset));
    return sluice_write_offsets(bits, offset, offsets, found, limit);
  }
#elif defined(__ARM_NEON) && defined(__aarch64__)
  if (limit <= 0) return 0;
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
  for (; offset < count && found < limit; offset++) {
    if (bytes[offset] == first || bytes[offset] == second) offsets[found++] = offset;
  }
  return found;
}

#if defined(__SSE2__)
// One bit for each byte that is a quote, a backslash, a control character or not ASCII.
static inline unsigned sluice_special_bytes(__m128i chunk) {
  // Bytes are signed here: what is not ASCII is less than a space, too.
  __m128i low = _mm_cmplt_epi8(chunk, _mm_set1_epi8(' '));
  __m128i quotes = _mm_cmpeq_epi8(chunk, _mm_set1_epi8('"'));
  __m128i slashes = _mm_cmpeq_epi8(chunk, _mm_set1_epi8('\\'));
  return (unsigned)_mm_movemask_epi8(_mm_or_si128(_mm_or_si128(low, quotes), slashes));
}

// Does the work of `sluice_drop_spaces` for `length` bytes, sixteen at most. May read 32 bytes of
// `text` and write 32 of `copy`.
static inline ptrdiff_t sluice_drop_spaces_of_chunk(
    const uint8_t *text, ptrdiff_t length, unsigned *quoted, uint8_t *copy) {
  __m128i chunk = _mm_loadu_si128((const __m128i *)text);
  unsigned mine = (1u << length) - 1;
  // One bit for each byte: set from a quote on until the one that closes it.
  unsigned inside = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(chunk, _mm_set1_epi8('"'))) & mine;
  if ((sluice_special_bytes(chunk) & mine & ~inside) != 0) return -1;
  inside ^= inside << 1;
  inside ^= inside << 2;
  inside ^= inside << 4;
  inside ^= inside << 8;
  inside ^= *quoted;
  *quoted = (inside >> (length - 1) & 1) ? 0xffff : 0;
  unsigned dropped = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(chunk, _mm_set1_epi8(' ')));
  dropped &= mine & ~inside;
  ptrdiff_t start = 0, written = 0;
  while (dropped != 0) {
    ptrdiff_t end = __builtin_ctz(dropped);
    // What is written too much is written over by what follows.
    _mm_storeu_si128(
        (__m128i *)(copy + written), _mm_loadu_si128((const __m128i *)(text + start)));
    written += end - start;
    start = end + 1;
    dropped &= dropped - 1;
  }
  _mm_storeu_si128((__m128i *)(copy + written), _mm_loadu_si128((const __m128i *)(text + start)));
  return written + length - start;
}
#endif

// Copies `text` without the spaces that stand outside of double quotes, and returns how many bytes
// are left. Returns -1 for a text with a backslash, a control character, a byte that is not ASCII or
// a quote that is not closed. `copy` has room for `count` and 32 bytes more.
static inline ptrdiff_t sluice_drop_spaces(const uint8_t *text, ptrdiff_t count, uint8_t *copy) {
  ptrdiff_t written = 0;
  ptrdiff_t offset = 0;
  unsigned quoted = 0;
#if defined(__SSE2__)
  for (; offset + 32 <= count; offset += 16) {
    ptrdiff_t kept = sluice_drop_spaces_of_chunk(text + offset, 16, &quoted, copy + written);
    if (kept < 0) return -1;
    written += kept;
  }
  // The rest where more may be read than there is.
  uint8_t rest[64];
  ptrdiff_t left = count - offset;
  memcpy(rest, text + offset, (size_t)left);
  for (ptrdiff_t start = 0; start < left; start += 16) {
    ptrdiff_t length = left - start < 16 ? left - start : 16;
    ptrdiff_t kept = sluice_drop_spaces_of_chunk(rest + start, length, &quoted, copy + written);
    if (kept < 0) return -1;
    written += kept;
  }
#else
  for (; offset < count; offset++) {
    uint8_t byte = text[offset];
    if (byte < ' ' || byte >= 0x80 || byte == '\\') return -1;
    if (byte == '"') quoted = !quoted;
    copy[written] = byte;
    written += quoted || byte != ' ';
  }
#endif
  return quoted ? -1 : written;
}

// Where the first byte from `start` on is that may not stand in a JSON string as it is, or is not
// ASCII: a quote, a backslash, a control character; `count` where none is.
static inline ptrdiff_t sluice_plain_end(const uint8_t *text, ptrdiff_t start, ptrdiff_t count) {
#if defined(__SSE2__)
  for (; start + 16 <= count; start += 16) {
    unsigned bits = sluice_special_bytes(_mm_loadu_si128((const __m128i *)(text + start)));
    if (bits != 0) return start + __builtin_ctz(bits);
  }
  if (start == count) return count;
  if (count >= 16) {
    // The rest, in a chunk that overlaps with what has been passed, or lies before `start`.
    unsigned bits = sluice_special_bytes(_mm_loadu_si128((const __m128i *)(text + count - 16)));
    bits >>= 16 - (count - start);
    return bits == 0 ? count : start + __builtin_ctz(bits);
  }
  if (count - start >= 8) {
    unsigned bits = sluice_special_bytes(_mm_loadl_epi64((const __m128i *)(text + start))) & 0xff;
    if (bits != 0) return start + __builtin_ctz(bits);
    start += 8;
  }
  if (count >= 8 && start < count) {
    unsigned bits = sluice_special_bytes(_mm_loadl_epi64((const __m128i *)(text + count - 8)));
    bits = (bits & 0xff) >> (8 - (count - start));
    return bits == 0 ? count : start + __builtin_ctz(bits);
  }
#endif
  for (; start < count; start++) {
    uint8_t byte = text[start];
    if (byte < ' ' || byte >= 0x80 || byte == '"' || byte == '\\') break;
  }
  return start;
}
