/* Problem: four feeds of arxiv.org on four host names must not make four requests a second,
 * while two thousand other hosts go on.
 *
 * Approach: state is kept for each exact host name; which hosts share a gate is a question
 * asked at enter time, of the configuration that holds then. So a new configuration needs
 * nothing re-keyed: a request that began under the old grouping leaves by the name it came
 * with. Hosts stand in a sorted array and are forgotten when nothing about them can matter any
 * more, so the array holds what runs, rests or is closed at the moment, not every host ever
 * seen.
 *
 * Rejected: one entry per group (re-keying on reload while requests run); a hash table (the
 * array is short, and a group's members are found by walking it).
 */
#include "net/host_gate.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/attributes.h"

enum { FIRST_SWEEP = 64 };

struct gate_host {
    char *name; /* lower case, no final dot */
    int running;
    int64_t left_ms; /* when the last request ended; NEVER: none has */
    int64_t closed_until_ms;
};

struct gate_group {
    char *name;
    int64_t pause_ms;
};

struct host_gate {
    struct gate_host *hosts; /* sorted by name */
    size_t count, capacity;
    size_t sweep_at; /* forget idle hosts when there are this many */
    struct gate_group *groups;
    size_t group_count;
    int64_t pause_ms;
    int64_t longest_pause_ms;
};

static const int64_t never = INT64_MIN / 2; /* far enough from overflow for any pause */

static void *grow(void *memory, size_t count, size_t size)
{
    void *grown = reallocarray(memory, count, size);
    if (grown == NULL) {
        memory_exhausted();
    }
    return grown;
}

/* Lower case, without the dot that marks a name as complete; caller frees. */
static char *normalise(const char *host)
{
    char *name = strdup(host);
    if (name == NULL) {
        memory_exhausted();
    }
    size_t length = strlen(name);
    if (length > 1 && name[length - 1] == '.') {
        name[--length] = '\0';
    }
    for (size_t i = 0; i < length; i++) {
        if (name[i] >= 'A' && name[i] <= 'Z') {
            name[i] = (char)(name[i] + ('a' - 'A'));
        }
    }
    return name;
}

static void freep(char **text)
{
    free(*text);
}

/* --- hosts ----------------------------------------------------------------------------------
 */

/* Where `name` stands or would stand. */
static size_t find_place(const struct host_gate *gate, const char *name, bool *ret_found)
{
    size_t low = 0, high = gate->count;
    *ret_found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(gate->hosts[middle].name, name);
        if (order == 0) {
            *ret_found = true;
            return middle;
        }
        *(order < 0 ? &low : &high) = order < 0 ? middle + 1 : middle;
    }
    return low;
}

static struct gate_host *find_host(struct host_gate *gate, const char *name)
{
    bool found;
    size_t place = find_place(gate, name, &found);
    return found ? &gate->hosts[place] : NULL;
}

static struct gate_host *get_host(struct host_gate *gate, const char *name)
{
    bool found;
    size_t place = find_place(gate, name, &found);
    if (found) {
        return &gate->hosts[place];
    }
    if (gate->count == gate->capacity) {
        gate->capacity = gate->capacity > 0 ? 2 * gate->capacity : FIRST_SWEEP;
        gate->hosts = grow(gate->hosts, gate->capacity, sizeof(*gate->hosts));
    }
    struct gate_host *host = &gate->hosts[place];
    memmove(host + 1, host, (gate->count - place) * sizeof(*host));
    gate->count++;
    *host = (struct gate_host){normalise(name), 0, never, never};
    return host;
}

static void forget_idle(struct host_gate *gate, int64_t now_ms)
{
    size_t kept = 0;
    for (size_t i = 0; i < gate->count; i++) {
        struct gate_host *host = &gate->hosts[i];
        if (host->running == 0 && host->left_ms + gate->longest_pause_ms <= now_ms &&
            host->closed_until_ms <= now_ms) {
            free(host->name);
        } else {
            gate->hosts[kept++] = *host;
        }
    }
    gate->count = kept;
    gate->sweep_at = 2 * kept > FIRST_SWEEP ? 2 * kept : FIRST_SWEEP;
}

/* --- groups ---------------------------------------------------------------------------------
 */

/* "arxiv.org" covers itself and "rss.arxiv.org", not "notarxiv.org". */
static bool covers(const char *group, const char *name)
{
    size_t group_length = strlen(group), length = strlen(name);
    return length >= group_length && strcmp(name + length - group_length, group) == 0 &&
        (length == group_length || name[length - group_length - 1] == '.');
}

/* The narrowest group that covers `name`, or NULL. */
static const struct gate_group *find_group(const struct host_gate *gate, const char *name)
{
    const struct gate_group *narrowest = NULL;
    for (size_t i = 0; i < gate->group_count; i++) {
        const struct gate_group *group = &gate->groups[i];
        if (covers(group->name, name) &&
            (narrowest == NULL || strlen(group->name) > strlen(narrowest->name))) {
            narrowest = group;
        }
    }
    return narrowest;
}

/* When the hosts seen so far let the next request go. */
struct opening {
    bool running;
    int64_t at_ms;
};

static void add_host(struct opening *opening, const struct gate_host *host, int64_t pause_ms)
{
    int64_t rested_ms = host->left_ms + pause_ms;
    int64_t at_ms = rested_ms > host->closed_until_ms ? rested_ms : host->closed_until_ms;
    opening->running |= host->running > 0;
    opening->at_ms = at_ms > opening->at_ms ? at_ms : opening->at_ms;
}

static struct opening find_opening(struct host_gate *gate, const char *name)
{
    struct opening opening = {false, never};
    const struct gate_group *group = find_group(gate, name);
    if (group == NULL) {
        struct gate_host *host = find_host(gate, name);
        if (host != NULL) {
            add_host(&opening, host, gate->pause_ms);
        }
        return opening;
    }
    for (size_t i = 0; i < gate->count; i++) {
        if (find_group(gate, gate->hosts[i].name) == group) {
            add_host(&opening, &gate->hosts[i], group->pause_ms);
        }
    }
    return opening;
}

/* --- the gate -------------------------------------------------------------------------------
 */

static void release_groups(struct host_gate *gate)
{
    for (size_t i = 0; i < gate->group_count; i++) {
        free(gate->groups[i].name);
    }
    free(gate->groups);
    gate->groups = NULL;
    gate->group_count = 0;
}

void host_gate_configure(struct host_gate *gate, const struct config_polling *polling)
{
    release_groups(gate);
    gate->pause_ms = gate->longest_pause_ms = polling->host_pause_ms;
    gate->groups = grow(NULL, polling->host_count + 1, sizeof(*gate->groups));
    gate->group_count = polling->host_count;
    for (size_t i = 0; i < polling->host_count; i++) {
        const struct config_host *host = &polling->hosts[i];
        gate->groups[i] = (struct gate_group){normalise(host->name), host->pause_ms};
        if (host->pause_ms > gate->longest_pause_ms) {
            gate->longest_pause_ms = host->pause_ms;
        }
    }
}

struct host_gate *host_gate_new(const struct config_polling *polling)
{
    struct host_gate *gate = calloc(1, sizeof(*gate));
    if (gate == NULL) {
        memory_exhausted();
    }
    gate->sweep_at = FIRST_SWEEP;
    host_gate_configure(gate, polling);
    return gate;
}

void host_gate_free(struct host_gate *gate)
{
    if (gate == NULL) {
        return;
    }
    for (size_t i = 0; i < gate->count; i++) {
        free(gate->hosts[i].name);
    }
    free(gate->hosts);
    release_groups(gate);
    free(gate);
}

bool host_gate_enter(
    struct host_gate *gate, const char *host, int64_t now_ms, int64_t *ret_wait_ms)
{
    cleanup(freep) char *name = normalise(host);
    struct opening opening = find_opening(gate, name);
    if (opening.running) {
        *ret_wait_ms = -1;
        return false;
    }
    if (opening.at_ms > now_ms) {
        *ret_wait_ms = opening.at_ms - now_ms;
        return false;
    }
    if (gate->count >= gate->sweep_at) {
        forget_idle(gate, now_ms);
    }
    get_host(gate, name)->running++;
    *ret_wait_ms = 0;
    return true;
}

void host_gate_leave(struct host_gate *gate, const char *host, int64_t now_ms)
{
    cleanup(freep) char *name = normalise(host);
    struct gate_host *entered = find_host(gate, name);
    assert(entered != NULL && entered->running > 0);
    entered->running--;
    entered->left_ms = now_ms;
}

void host_gate_close_until(struct host_gate *gate, const char *host, int64_t until_ms)
{
    cleanup(freep) char *name = normalise(host);
    struct gate_host *closed = get_host(gate, name);
    if (until_ms > closed->closed_until_ms) {
        closed->closed_until_ms = until_ms;
    }
}

size_t host_gate_count(const struct host_gate *gate)
{
    return gate->count;
}
