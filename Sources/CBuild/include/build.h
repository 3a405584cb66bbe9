#pragma once

// The commit that an optimized build was made of; empty if nobody said, and for other builds.
const char *sluice_commit(void);
