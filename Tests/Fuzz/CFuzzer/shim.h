// Source: LLVM, compiler-rt/lib/fuzzer/FuzzerInterface.h, which no package installs.
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*test)(const uint8_t *data, size_t size));
