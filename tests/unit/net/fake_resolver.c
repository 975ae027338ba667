#include "fake_resolver.h"

#include <dlfcn.h>
#include <netdb.h>
#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int stuck;
static bool released;

static const struct {
    const char *name, *first, *second;
} names[] = {
    {"origin.test", "127.0.0.1", NULL},
    {"private.test", "10.0.0.1", NULL},
    {"both.test", "10.0.0.1", "127.0.0.1"},
};

typedef int resolver(const char *, const char *, const struct addrinfo *, struct addrinfo **);

static int resolve_address(const char *address, const char *service,
    const struct addrinfo *hints, struct addrinfo **ret)
{
    resolver *real = NULL;
    *(void **)&real = dlsym(RTLD_NEXT, "getaddrinfo");
    struct addrinfo numeric = hints != NULL ? *hints : (struct addrinfo){0};
    numeric.ai_flags = AI_NUMERICHOST;
    return real(address, service, &numeric, ret);
}

static void get_stuck(void)
{
    pthread_mutex_lock(&mutex);
    stuck++;
    while (!released) {
        pthread_cond_wait(&changed, &mutex);
    }
    stuck--;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

int fake_resolver_stuck(void)
{
    pthread_mutex_lock(&mutex);
    int count = stuck;
    pthread_mutex_unlock(&mutex);
    return count;
}

void fake_resolver_release(void)
{
    pthread_mutex_lock(&mutex);
    released = true;
    pthread_cond_broadcast(&changed);
    while (stuck > 0) {
        pthread_cond_wait(&changed, &mutex);
    }
    released = false;
    pthread_mutex_unlock(&mutex);
}

int getaddrinfo(
    const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **ret)
{
    if (strcmp(name, "stuck.test") == 0) {
        get_stuck();
        return EAI_AGAIN;
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(name, names[i].name) == 0) {
            int result = resolve_address(names[i].first, service, hints, ret);
            if (result == 0 && names[i].second != NULL) {
                struct addrinfo *last = *ret;
                while (last->ai_next != NULL) {
                    last = last->ai_next;
                }
                result = resolve_address(names[i].second, service, hints, &last->ai_next);
            }
            return result;
        }
    }
    return resolve_address(name, service, hints, ret); /* EAI_NONAME for names */
}
