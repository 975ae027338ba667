#include "origin_process.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *fixture_path(char *text, size_t bytes, const char *name)
{
    const char *fixtures = getenv("BRIEFD_FIXTURES");
    snprintf(text, bytes, "%s/%s", fixtures != NULL ? fixtures : "tests/fixtures", name);
    return text;
}

struct origin_process origin_start(const char *host, const char *certificate)
{
    char script[4096], pem[4096];
    fixture_path(script, sizeof(script), "../support/origin.py");
    const char *arguments[] = {"python3", script, "--host", host, NULL, NULL, NULL};
    if (certificate != NULL) {
        arguments[4] = "--certificate";
        arguments[5] = fixture_path(pem, sizeof(pem), certificate);
    }
    int input[2], output[2];
    assert_int_equal(pipe2(input, O_CLOEXEC), 0);
    assert_int_equal(pipe2(output, O_CLOEXEC), 0);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, input[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, output[1], STDOUT_FILENO);
    struct origin_process origin = {.input = input[1]};
    assert_int_equal(
        posix_spawnp(&origin.pid, "python3", &actions, NULL, (char **)arguments, environ), 0);
    posix_spawn_file_actions_destroy(&actions);
    close(input[0]);
    close(output[1]);
    FILE *lines = fdopen(output[0], "r");
    assert_int_equal(fscanf(lines, "%d", &origin.port), 1);
    fclose(lines);
    return origin;
}

void origin_stop(struct origin_process *origin)
{
    close(origin->input);
    waitpid(origin->pid, NULL, 0);
}
