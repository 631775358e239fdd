// SPDX-License-Identifier: MIT OR Apache-2.0
//   sandbox-onlooker [AGAIN]
//
// Makes the calls that take paths, and prints what came of each: one line, a name and the result. What it prints is
// the same in every sandbox. /source is read-only, /target empty and writable, and in the root are
//
//   /links/absolute -> /source/file      /links/relative -> ../source/file    /links/directory -> /source
//   /links/up -> ../links/absolute       /links/loop -> loop                  /links/dangling -> /target/made
//   /links/target -> /target             /links/script, #!/links/shell -> /bin/busybox

#define _GNU_SOURCE
#include "onlooker.h"

#include <stdio.h>
#include <stdlib.h>

int main(int count, char **arguments) {
    if (count > 1) {
        printf("again as \"%s\", %d, %s, %s\n", arguments[0], count, link_of("/proc/self/exe"),
               getenv("A") ? getenv("A") : "none");
        return 3;
    }
    say_text("/proc/self/exe", link_of("/proc/self/exe"));
    look();
    look_from_directories();
    change();
    change_what_is_read_only();
    wait_for_the_other_end();
    meet_at_sockets();
    execute(arguments[0]);
    use_threads();
    keep_registers();
    return 0;
}
