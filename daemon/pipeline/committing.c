/* Two commands one after the other, without a shell: no name of a folder or file is ever read
 * as anything else. A file with nothing to commit (a correction that changed nothing) is no
 * failure: `git diff --cached --quiet` stands between. */
#include "pipeline/committing.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/attributes.h"
#include "briefing/issue.h"

enum { WORDS_MAX = 12, STEPS = 3 };

struct committing {
    uv_process_t process;
    uv_timer_t timer;
    struct loop *loop;
    struct arena arena;
    const char *words[STEPS][WORDS_MAX];
    size_t step;
    int status; /* of the last command */
    bool late;
    const char *day;
    committing_done_fn *on_done;
    void *data;
};

static void on_closed(uv_handle_t *handle)
{
    struct committing *committing = handle->data;
    arena_release(&committing->arena);
    free(committing);
}

static void finish(struct committing *committing, const char *error)
{
    committing->on_done(committing->data, committing->day, error);
    uv_close((uv_handle_t *)&committing->timer, on_closed);
}

static void run_step(struct committing *committing);

/* `add` 0; `diff` 0: nothing to commit, 1: something; `commit` 0. */
static void on_process_closed(uv_handle_t *handle)
{
    struct committing *committing = handle->data;
    bool is_diff = committing->step == 1;
    char error[96];
    if (committing->status == (is_diff ? 1 : 0) && committing->step + 1 < STEPS) {
        committing->step++;
        run_step(committing);
    } else if (committing->status == 0) {
        finish(committing, NULL);
    } else {
        snprintf(error, sizeof(error), "'git %s' %s (%d)",
            committing->words[committing->step][3],
            committing->late ? "took too long" : "failed", committing->status);
        finish(committing, error);
    }
}

static void on_git_exit(uv_process_t *process, int64_t status, int number)
{
    struct committing *committing = process->data;
    committing->status = number != 0 ? -number : (int)status;
    uv_close((uv_handle_t *)process, on_process_closed);
}

static void run_step(struct committing *committing)
{
    uv_process_options_t options = {
        .exit_cb = on_git_exit,
        .file = "git",
        .args = (char **)committing->words[committing->step],
    };
    committing->process.data = committing;
    int refused = uv_spawn(loop_uv(committing->loop), &committing->process, &options);
    if (refused != 0) {
        committing->status = refused;
        uv_close((uv_handle_t *)&committing->process, on_process_closed);
    }
}

static void on_late(uv_timer_t *timer)
{
    struct committing *committing = timer->data;
    committing->late = true;
    uv_process_kill(&committing->process, SIGKILL);
}

void committing_start(struct loop *loop, const struct config_briefing *briefing,
    const char *day, committing_done_fn *on_done, void *data)
{
    struct committing *committing = calloc(1, sizeof(*committing));
    if (committing == NULL) {
        memory_exhausted();
    }
    const char *folder = arena_strdup(&committing->arena, briefing->output_folder);
    const char *name = issue_file_name(&committing->arena, briefing, day);
    const char *message = arena_printf(&committing->arena, "%s %s", briefing->title, day);
    const char *const words[STEPS][WORDS_MAX] = {
        {"git", "-C", folder, "add", "--", name},
        {"git", "-C", folder, "diff", "--cached", "--quiet", "--", name},
        {"git", "-C", folder, "commit", "--quiet", "-m", message, "--", name},
    };
    memcpy(committing->words, words, sizeof(words));
    committing->loop = loop;
    committing->day = arena_strdup(&committing->arena, day);
    committing->on_done = on_done;
    committing->data = data;
    uv_timer_init(loop_uv(loop), &committing->timer);
    committing->timer.data = committing;
    uv_timer_start(&committing->timer, on_late, COMMITTING_MAX_MS, 0);
    run_step(committing);
}
