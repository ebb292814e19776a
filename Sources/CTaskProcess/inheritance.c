#define _GNU_SOURCE
#include "task_process.h"

#include <execinfo.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

static bool hangup_is_ignored = false;

bool weir_hangup_is_ignored(void) { return hangup_is_ignored; }

void weir_reset_inherited_state(void) {
    // A socket or the database would otherwise get the number of a closed stream, and the data meant for it. Standard output is
    // opened for reading only, so that writing to it still fails.
    for (int stream = 0; stream < 3; stream++) {
        if (fcntl(stream, F_GETFD) < 0) open("/dev/null", stream == 1 ? O_RDONLY : O_RDWR);
    }
    struct sigaction usual = {.sa_handler = SIG_DFL};
    for (int signal = 1; signal < _NSIG; signal++) {
        struct sigaction found;
        if (sigaction(signal, NULL, &found) != 0 || found.sa_handler != SIG_IGN) continue;
        if (signal == SIGHUP) {
            hangup_is_ignored = true;
        } else {
            sigaction(signal, &usual, NULL);
        }
    }
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    // libdispatch asks for a higher priority for some of its threads. A service that is not root may not have it, and each such
    // thread would leave a line in the system's log. An operator who wants these lines sets the variable.
    setenv("LIBDISPATCH_LOG", "NO", 0);
}

bool weir_become_subreaper(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0; }

bool weir_hide(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0; }

static void overwrite(char *text, size_t length) {
    for (size_t index = 0; index < length; index++) ((volatile char *)text)[index] = 'x';
}

void weir_overwrite_variable(const char *name) {
    // Unless the variable was changed, its value is in the memory that /proc shows.
    char *value = getenv(name);
    if (value == NULL) return;
    overwrite(value, strlen(value));
    unsetenv(name);
}

// The arguments in the kernel's own copy. The C library passes them to every constructor.
static int word_count = 0;
static char **command_words = NULL;

__attribute__((constructor)) static void remember_words(int count, char **words) {
    word_count = count;
    command_words = words;
}

/// `scheme://user:PASSWORD@host/…?password=PASSWORD&…`
static void overwrite_passwords(char *word) {
    char *authority = strstr(word, "://");
    if (authority == NULL) return;
    authority += 3;
    char *end = authority + strcspn(authority, "/?#");
    char *at = NULL;
    for (char *place = authority; place < end; place++) {
        if (*place == '@') at = place;
    }
    char *colon = at == NULL ? NULL : memchr(authority, ':', (size_t)(at - authority));
    if (colon != NULL) overwrite(colon + 1, (size_t)(at - colon - 1));
    for (char *place = end; (place = strstr(place, "password=")) != NULL;) {
        place += strlen("password=");
        size_t length = strcspn(place, "&");
        overwrite(place, length);
        place += length;
    }
}

void weir_overwrite_passwords_in_words(void) {
    for (int index = 1; index < word_count; index++) overwrite_passwords(command_words[index]);
}

static void write_text(const char *text) {
    size_t length = strlen(text);
    while (length > 0) {
        ssize_t count = write(STDERR_FILENO, text, length);
        if (count <= 0) return;
        text += count;
        length -= (size_t)count;
    }
}

static const char *name(int signal) {
    switch (signal) {
    case SIGABRT: return "SIGABRT";
    case SIGBUS: return "SIGBUS";
    case SIGFPE: return "SIGFPE";
    case SIGILL: return "SIGILL";
    case SIGSEGV: return "SIGSEGV";
    case SIGSYS: return "SIGSYS";
    default: return "SIGTRAP";
    }
}

static void report(int signal) {
    write_text("weir: crashed with ");
    write_text(name(signal));
    write_text(". Please report this bug with the addresses below.\n");
    void *addresses[64];
    backtrace_symbols_fd(addresses, backtrace(addresses, 64), STDERR_FILENO);
    // The handler is reset: either the signal repeated on return or this one ends the process.
    raise(signal);
}

void weir_report_crashes(void) {
    // The first call loads a library, which must not happen in the handler.
    void *address[1];
    backtrace(address, 1);
    struct sigaction action = {.sa_handler = report, .sa_flags = (int)(SA_RESETHAND | SA_ONSTACK | SA_NODEFER)};
    const int crashes[] = {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGSEGV, SIGSYS, SIGTRAP};
    for (size_t index = 0; index < sizeof crashes / sizeof *crashes; index++) sigaction(crashes[index], &action, NULL);
}
