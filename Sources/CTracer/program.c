// SPDX-License-Identifier: MIT OR Apache-2.0
// What a program is, as execve(2) and the plan's formats see it, by its first bytes.
// Source: elf(5); execve(2), "Interpreter scripts".

#define _GNU_SOURCE
#include "parts.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum { BEGINNING = 256, HEADERS_MAX = 64, LOADER_MAX = 1 << 20 };

static bool matches(const struct tracer_format *format, const uint8_t *bytes, size_t size) {
    if (size < format->length) return false;
    for (size_t i = 0; i < format->length; i++)
        if ((bytes[i] ^ format->magic[i]) & format->mask[i]) return false;
    return true;
}

// The words of "#!": all after the first are one argument.
static void read_script(const char *line, size_t size, struct tracer_program *program) {
    const char *end = memchr(line, '\n', size);
    size_t length = end ? (size_t)(end - line) : strnlen(line, size);
    while (length > 2 && (line[length - 1] == ' ' || line[length - 1] == '\t')) length--;
    size_t at = 2;
    while (at < length && (line[at] == ' ' || line[at] == '\t')) at++;
    size_t start = at;
    while (at < length && line[at] != ' ' && line[at] != '\t') at++;
    memcpy(program->interpreter, line + start, at - start);
    program->interpreter[at - start] = 0;
    while (at < length && (line[at] == ' ' || line[at] == '\t')) at++;
    memcpy(program->argument, line + at, length - at);
    program->argument[length - at] = 0;
    program->kind = program->interpreter[0] ? TRACER_PROGRAM_SCRIPT : TRACER_PROGRAM_UNKNOWN;
}

struct segment {
    uint64_t offset;
    uint64_t size;
};

static bool find_interpreter(int file, const uint8_t *header, struct segment *found) {
    static uint8_t table[HEADERS_MAX * sizeof(Elf64_Phdr)];
    bool is_64 = header[EI_CLASS] == ELFCLASS64;
    const Elf64_Ehdr *wide = (const Elf64_Ehdr *)header;
    const Elf32_Ehdr *narrow = (const Elf32_Ehdr *)header;
    size_t count = is_64 ? wide->e_phnum : narrow->e_phnum;
    size_t size = is_64 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
    off_t offset = (off_t)(is_64 ? wide->e_phoff : narrow->e_phoff);
    if (count > HEADERS_MAX) count = HEADERS_MAX;
    if (pread(file, table, count * size, offset) != (ssize_t)(count * size)) return false;
    for (size_t i = 0; i < count; i++) {
        const Elf64_Phdr *wide_entry = (const Elf64_Phdr *)(table + i * size);
        const Elf32_Phdr *narrow_entry = (const Elf32_Phdr *)(table + i * size);
        if ((is_64 ? wide_entry->p_type : narrow_entry->p_type) != PT_INTERP) continue;
        found->offset = is_64 ? wide_entry->p_offset : narrow_entry->p_offset;
        found->size = is_64 ? wide_entry->p_filesz : narrow_entry->p_filesz;
        return true;
    }
    return false;
}

static bool is_native(const uint8_t *header) {
    uint16_t machine;
    memcpy(&machine, header + offsetof(Elf32_Ehdr, e_machine), sizeof machine);
#ifdef __x86_64__
    return machine == EM_X86_64 || machine == EM_386;
#else
    return machine == EM_AARCH64;
#endif
}

static void read_elf(int file, const uint8_t *header, struct tracer_program *program) {
    if (!is_native(header)) return;
    program->kind = TRACER_PROGRAM_NATIVE;
    struct segment segment;
    if (!find_interpreter(file, header, &segment) || segment.size >= PATH_MAX) return;
    ssize_t size = pread(file, program->interpreter, segment.size, (off_t)segment.offset);
    program->interpreter[size > 0 ? size : 0] = 0;
}

int tracer_inspect(const struct tracer_plan *plan, const char *host, struct tracer_program *program) {
    static _Alignas(8) uint8_t bytes[BEGINNING];
    memset(bytes, 0, sizeof bytes);
    *program = (struct tracer_program){.kind = TRACER_PROGRAM_UNKNOWN};
    int file = open(host, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0) return errno == EACCES ? 0 : -errno; // what may be run may be unreadable
    ssize_t size = read(file, bytes, sizeof bytes);
    for (size_t i = 0; size > 0 && i < plan->format_count; i++) {
        const struct tracer_format *format = &plan->formats[i];
        if (!matches(format, bytes, (size_t)size)) continue;
        program->kind = TRACER_PROGRAM_FOREIGN;
        tracer_put(program->interpreter, format->interpreter);
        break;
    }
    if (program->kind == TRACER_PROGRAM_UNKNOWN && size > 4) {
        if (memcmp(bytes, "#!", 2) == 0) read_script((const char *)bytes, (size_t)size, program);
        if (memcmp(bytes, ELFMAG, SELFMAG) == 0) read_elf(file, bytes, program);
    }
    close(file);
    return 0;
}

// ld.so(8), --argv0: glibc 2.33 or newer, and musl's. What a loader was asked last is remembered.
bool tracer_takes_argument_zero(const char *host) {
    static char known[PATH_MAX];
    static bool takes;
    static char text[LOADER_MAX];
    if (strcmp(known, host) == 0) return takes;
    int file = open(host, O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    ssize_t size = read(file, text, sizeof text);
    close(file);
    takes = size > 0 && memmem(text, (size_t)size, "argv0", 5) != NULL;
    tracer_put(known, host);
    return takes;
}
