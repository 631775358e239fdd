#include <isa-l/igzip_lib.h>

/* Swift imports no macro that is an expression. */
static const unsigned int level_1_buffer = ISAL_DEF_LVL1_DEFAULT;
