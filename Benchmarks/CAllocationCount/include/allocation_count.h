#pragma once
#include <stdint.h>

/// How often memory was allocated by this process so far.
uint64_t allocation_count(void);
