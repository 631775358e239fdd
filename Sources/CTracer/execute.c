// SPDX-License-Identifier: MIT OR Apache-2.0
// Runs in the tracer: execve(2) of a program inside. The kernel would take loaders, script
// interpreters and emulators from outside, so they are named here: a program with a loader is started
// as ld.so(8) has it, a script and a foreign program by what runs them. Where paths inside are the
// kernel's, it finds all of them but emulators.

#define _GNU_SOURCE
#include "parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WORDS_MAX = 32, NESTED_MAX = 5, TEXT_MAX = 8 * PATH_MAX, ARGUMENTS_MAX = 1 << 17 };

// An argument: the command's own, by its address, or one of ours, in `text`.
struct word {
    uint64_t address;
    const char *text;
};

// The new arguments: some words, then those of the command from its second one on.
struct arguments {
    struct word words[WORDS_MAX];
    size_t count;
    size_t rest;
    bool is_emulated;
    char text[TEXT_MAX];
    size_t used;
};

static struct arguments arguments;
static struct tracer_place found; // what the kernel is to start
static uint64_t pointers[ARGUMENTS_MAX + WORDS_MAX];

static size_t pointer_size(const struct tracer_stop *stop) { return stop->is_32_bit ? 4 : 8; }

static struct word own(const char *text) {
    size_t size = strlen(text) + 1;
    if (arguments.used + size > TEXT_MAX) return (struct word){.text = ""};
    char *copy = arguments.text + arguments.used;
    memcpy(copy, text, size);
    arguments.used += size;
    return (struct word){.text = copy};
}

// Puts words in the place of the first one.
static void replace_first(const struct word *words, size_t count) {
    if (arguments.count + count > WORDS_MAX) return;
    memmove(arguments.words + count, arguments.words + 1,
            (arguments.count - 1) * sizeof *arguments.words);
    memcpy(arguments.words, words, count * sizeof *words);
    arguments.count += count - 1;
}

static int may_execute(const char *host) {
    struct stat status;
    if (stat(host, &status) < 0) return -errno;
    if (!S_ISREG(status.st_mode)) return -EACCES;
    return faccessat(AT_FDCWD, host, X_OK, AT_EACCESS) < 0 ? -errno : 0;
}

static int find(const struct tracer_plan *plan, const struct tracer_stop *stop, const char *path,
                struct tracer_place *place) {
    static char absolute[PATH_MAX];
    int result = tracer_absolute(plan, stop->process_in_proc, AT_FDCWD, path, absolute);
    if (result == 0) result = tracer_walk(plan, stop->process_in_proc, absolute, true, place);
    return result == TRACER_NATIVE ? -ENOENT : result;
}

// The program of execve(2) or execveat(2), as it was called, and where it is.
static int find_program(const struct tracer_plan *plan, const struct tracer_stop *stop, char *path,
                        struct tracer_place *place) {
    static char absolute[PATH_MAX];
    const struct tracer_argument *argument = &stop->call->first;
    ssize_t length = tracer_read_path(stop->process, stop->arguments[argument->path], path);
    if (length < 0) return (int)length;
    int directory = argument->directory < 0 ? AT_FDCWD : (int)stop->arguments[argument->directory];
    uint32_t flags = stop->call->flags < 0 ? 0 : (uint32_t)stop->arguments[stop->call->flags];
    if (length == 0) {
        if (!(flags & AT_EMPTY_PATH)) return -ENOENT;
        char *end = tracer_put(path, "/proc/self/fd/");
        tracer_put_number(end, (unsigned long)directory);
        if (tracer_process_link(stop->process_in_proc, "fd", directory, absolute) < 0) return -EBADF;
        // A file without a name inside, such as one in memory only, is the kernel's.
        if (!tracer_to_guest(plan, absolute, path)) return TRACER_NATIVE;
    }
    int result = tracer_absolute(plan, stop->process_in_proc, directory, path, absolute);
    if (result != 0) return result;
    if (directory != AT_FDCWD) tracer_put(path, absolute);
    bool follows = !(flags & stop->call->itself_flag);
    return tracer_walk(plan, stop->process_in_proc, absolute, follows, place);
}

static void take_script(const char *path, const struct tracer_program *program) {
    struct word words[3] = {own(program->interpreter)};
    size_t count = 1;
    if (program->argument[0]) words[count++] = own(program->argument);
    words[count++] = own(path);
    replace_first(words, count);
}

// qemu-user, -0: the program's own first argument.
static void take_foreign(const char *path, const struct tracer_program *program) {
    struct word words[] = {own(program->interpreter), own("-0"), arguments.words[0], own(path)};
    replace_first(words, 4);
    arguments.is_emulated = true;
}

// What is run, in the end: `place` becomes the kernel's program. Returns 0 or a negative errno.
static int resolve(const struct tracer_plan *plan, const struct tracer_stop *stop, char *path,
                   struct tracer_place *place) {
    static struct tracer_program program;
    static struct tracer_place loader;
    for (int nested = 0; nested <= NESTED_MAX; nested++) {
        int result = may_execute(place->host);
        if (result == 0) result = tracer_inspect(plan, place->host, &program);
        if (result < 0) return result;
        if (program.kind == TRACER_PROGRAM_UNKNOWN || !program.interpreter[0]) return 0;
        if (program.kind == TRACER_PROGRAM_NATIVE) {
            if (plan->same_root) return 0;
            result = find(plan, stop, program.interpreter, &loader);
            if (result < 0) return result;
            struct word with_name[] = {own(place->guest), own("--argv0"), arguments.words[0],
                                       own(place->guest)};
            struct word without[] = {own(place->guest), own(*path == '/' ? path : place->guest)};
            if (tracer_takes_argument_zero(loader.host)) replace_first(with_name, 4);
            else replace_first(without, 2);
            *place = loader;
            return may_execute(place->host);
        }
        if (program.kind == TRACER_PROGRAM_SCRIPT) take_script(path, &program);
        else take_foreign(path, &program);
        tracer_put(path, program.interpreter);
        result = find(plan, stop, path, place);
        if (result < 0) return result;
    }
    return -ELOOP;
}

// The command's arguments from the second one on, as pointers. Their number, or a negative errno.
static ssize_t read_pointers(const struct tracer_stop *stop, uint64_t address) {
    size_t size = pointer_size(stop), count = 0;
    static uint8_t page[4096];
    while (count < ARGUMENTS_MAX) {
        size_t part = 4096 - address % 4096;
        if (tracer_read_memory(stop->process, address, page, part) != (ssize_t)part) return -EFAULT;
        for (size_t i = 0; i + size <= part; i += size) {
            uint64_t pointer = 0;
            memcpy(&pointer, page + i, size);
            if (pointer == 0) return (ssize_t)count;
            if (count == ARGUMENTS_MAX) return -E2BIG;
            pointers[WORDS_MAX + count++] = pointer;
        }
        address += part;
    }
    return -E2BIG;
}

// Writes the words and the pointers to all arguments; the address of the latter, or 0.
static uint64_t lend_arguments(const struct tracer_stop *stop, size_t rest) {
    uint64_t text = tracer_lend(stop, arguments.text, arguments.used, false);
    if (text == 0) return 0;
    size_t size = pointer_size(stop), first = WORDS_MAX - arguments.count;
    for (size_t i = 0; i < arguments.count; i++) {
        const struct word *word = &arguments.words[i];
        pointers[first + i] =
            word->text ? text + (uint64_t)(word->text - arguments.text) : word->address;
    }
    size_t count = arguments.count + rest;
    pointers[first + count] = 0;
    if (size == 4) {
        uint32_t *narrow = (uint32_t *)&pointers[first];
        for (size_t i = 0; i <= count; i++) narrow[i] = (uint32_t)pointers[first + i];
    }
    struct tracer_stop below = *stop;
    below.stack = text;
    return tracer_lend(&below, &pointers[first], (count + 1) * size, false);
}

// Finds out what is to be started, and with which words in front. 0, TRACER_NATIVE, or a negative errno.
static int prepare(const struct tracer_plan *plan, const struct tracer_stop *stop) {
    static char path[PATH_MAX];
    uint64_t given = stop->arguments[stop->call->first.path + 1];
    ssize_t rest = given ? read_pointers(stop, given) : 0;
    int result = rest < 0 ? (int)rest : find_program(plan, stop, path, &found);
    if (result != 0) return result;
    arguments.count = 1;
    arguments.used = 0;
    arguments.is_emulated = false;
    arguments.words[0] = rest > 0 ? (struct word){.address = pointers[WORDS_MAX]} : own("");
    // Of the command's arguments the first one is among the words.
    arguments.rest = rest > 0 ? (size_t)rest - 1 : 0;
    memmove(&pointers[WORDS_MAX], &pointers[WORDS_MAX + 1], arguments.rest * sizeof *pointers);
    return resolve(plan, stop, path, &found);
}

// Puts it all into the process. Its own program and arguments stay where they are.
static int lend(const struct tracer_stop *stop, struct tracer_change changes[2]) {
    uint64_t host = tracer_lend(stop, found.host, strlen(found.host) + 1, false);
    struct tracer_stop below = *stop;
    below.stack = host;
    uint64_t list = host == 0 ? 0 : lend_arguments(&below, arguments.rest);
    if (list == 0) return -ENOMEM;
    int path_argument = stop->call->first.path;
    changes[0] = (struct tracer_change){path_argument, host};
    changes[1] = (struct tracer_change){path_argument + 1, list};
    return 0;
}

bool tracer_execute(const struct tracer_plan *plan, const struct tracer_stop *stop) {
    struct tracer_change changes[2];
    int result = prepare(plan, stop);
    if (result == TRACER_NATIVE) return false;
    if (result == 0) result = lend(stop, changes);
    if (result == 0) return tracer_remember(stop, changes, 2);
    tracer_set_result(stop, result);
    return false;
}

bool tracer_needs_emulator(const struct tracer_plan *plan, const struct tracer_stop *stop) {
    return prepare(plan, stop) == 0 && arguments.is_emulated;
}

int tracer_start_emulator(const struct tracer_stop *stop) {
    struct tracer_change changes[2];
    return lend(stop, changes) < 0 ? -1 : tracer_set_arguments(stop, changes, 2);
}
