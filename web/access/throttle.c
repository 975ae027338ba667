/* A bucket is one number, the time at which it will be full again (the generic cell rate
 * algorithm, ITU-T I.371): a guess moves it on by the time one token takes to come back, and is
 * refused when that would be further away than a whole bucket. An empty slot is a full bucket,
 * so nothing has to be cleared.
 *
 * The key of a bucket is SipHash of what it stands for under a key of this process, so that
 * nobody can choose names that meet in one set. Sets of eight slots; two keys of one hash would
 * share a bucket (one pair in 2^64). */
#include "web/access/throttle.h"

#include <arpa/inet.h>
#include <assert.h>
#include <pthread.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"

enum { WAYS = 8, KEY_MAX_BYTES = 512 };

struct slot {
    uint64_t key;
    int64_t full_at_ms;
};

struct throttle {
    pthread_mutex_t mutex;
    unsigned char hash_key[crypto_shorthash_KEYBYTES];
    struct slot slots[THROTTLE_SLOTS];
};

/* A bucket that stands in the way, and where it lives. */
struct bucket {
    uint64_t key;
    int burst;
    int64_t interval_ms;
    struct slot *slot; /* NULL: it is full and has none yet */
};

struct throttle *throttle_new(void)
{
    struct throttle *throttle = calloc(1, sizeof(*throttle));
    if (throttle == NULL || sodium_init() < 0) {
        memory_exhausted();
    }
    pthread_mutex_init(&throttle->mutex, NULL);
    crypto_shorthash_keygen(throttle->hash_key);
    return throttle;
}

void throttle_free(struct throttle *throttle)
{
    if (throttle != NULL) {
        pthread_mutex_destroy(&throttle->mutex);
        free(throttle);
    }
}

/* ---- keys ---- */

/* The network that one person has, as text. */
static void write_network(const char *address, char *out, size_t size)
{
    struct in6_addr v6;
    if (inet_pton(AF_INET6, address, &v6) != 1) {
        snprintf(out, size, "%s", address);
    } else if (IN6_IS_ADDR_V4MAPPED(&v6)) {
        inet_ntop(AF_INET, &v6.s6_addr[12], out, (socklen_t)size);
    } else {
        memset(&v6.s6_addr[8], 0, 8);
        inet_ntop(AF_INET6, &v6, out, (socklen_t)size);
    }
}

/* Names differ by nothing but the case of ASCII letters as accounts do. */
static uint64_t make_key(
    const struct throttle *throttle, char kind, const char *account, const char *network)
{
    unsigned char text[KEY_MAX_BYTES], hash[crypto_shorthash_BYTES];
    int length = snprintf((char *)text, sizeof(text), "%c%s%c%s", kind, network, '\n', account);
    size_t bytes = length < (int)sizeof(text) ? (size_t)length : sizeof(text) - 1;
    for (size_t i = 0; i < bytes; i++) {
        text[i] = text[i] >= 'A' && text[i] <= 'Z' ? text[i] | 0x20 : text[i];
    }
    uint64_t key;
    crypto_shorthash(hash, text, bytes, throttle->hash_key);
    memcpy(&key, hash, sizeof(key));
    return key;
}

/* ---- buckets ---- */

static struct slot *set_of(struct throttle *throttle, uint64_t key)
{
    return &throttle->slots[key % (THROTTLE_SLOTS / WAYS) * WAYS];
}

static struct slot *find_slot(struct throttle *throttle, uint64_t key)
{
    struct slot *set = set_of(throttle, key);
    for (size_t i = 0; i < WAYS; i++) {
        if (set[i].key == key) {
            return &set[i];
        }
    }
    return NULL;
}

static struct slot *take_slot(struct throttle *throttle, uint64_t key)
{
    struct slot *set = set_of(throttle, key), *fullest = set;
    for (size_t i = 1; i < WAYS; i++) {
        if (set[i].full_at_ms < fullest->full_at_ms) {
            fullest = &set[i];
        }
    }
    *fullest = (struct slot){.key = key};
    return fullest;
}

/* How far it is from full. */
static int64_t debt_ms(const struct bucket *bucket, int64_t now_ms)
{
    int64_t full_at_ms = bucket->slot == NULL ? 0 : bucket->slot->full_at_ms;
    return full_at_ms > now_ms ? full_at_ms - now_ms : 0;
}

/* 0: there is a token. */
static int64_t wait_ms(const struct bucket *bucket, int64_t now_ms)
{
    int64_t beyond = debt_ms(bucket, now_ms) - (bucket->burst - 1) * bucket->interval_ms;
    return beyond > 0 ? beyond : 0;
}

static void take(struct throttle *throttle, struct bucket *bucket, int64_t now_ms)
{
    if (bucket->slot == NULL) {
        bucket->slot = take_slot(throttle, bucket->key);
    }
    bucket->slot->full_at_ms = now_ms + debt_ms(bucket, now_ms) + bucket->interval_ms;
}

/* The last is no bucket that a guess takes from: not full means that the account was right
 * there within THROTTLE_KNOWN_DAYS. Its slot is the last to give way. */
enum { PAIR, ADDRESS, ACCOUNT, KNOWN, BUCKETS };

static const int64_t known_ms = THROTTLE_KNOWN_DAYS * INT64_C(86400000);

static void find_buckets(struct throttle *throttle, const char *account, const char *address,
    struct bucket buckets[BUCKETS])
{
    char network[INET6_ADDRSTRLEN + 1];
    write_network(address, network, sizeof(network));
    const struct bucket found[BUCKETS] = {
        [PAIR] = {make_key(throttle, 'p', account, network), THROTTLE_PAIR_BURST,
            THROTTLE_PAIR_MS, NULL},
        [ADDRESS] = {make_key(throttle, 'a', "", network), THROTTLE_ADDRESS_BURST,
            THROTTLE_ADDRESS_MS, NULL},
        [ACCOUNT] = {make_key(throttle, 'n', account, ""), THROTTLE_ACCOUNT_BURST,
            THROTTLE_ACCOUNT_MS, NULL},
        [KNOWN] = {make_key(throttle, 'k', account, network), 1, known_ms, NULL},
    };
    memcpy(buckets, found, sizeof(found));
    for (size_t i = 0; i < BUCKETS; i++) {
        buckets[i].slot = find_slot(throttle, buckets[i].key);
    }
}

struct throttle_answer throttle_guess(struct throttle *throttle, const char *account,
    const char *address, bool known, int64_t now_ms)
{
    struct bucket buckets[BUCKETS];
    int64_t longest_ms = 0;
    pthread_mutex_lock(&throttle->mutex);
    find_buckets(throttle, account, address, buckets);
    known = known || debt_ms(&buckets[KNOWN], now_ms) > 0;
    size_t count = known ? ACCOUNT : KNOWN; /* the account's own stands last */
    for (size_t i = 0; i < count; i++) {
        int64_t wait = wait_ms(&buckets[i], now_ms);
        longest_ms = wait > longest_ms ? wait : longest_ms;
    }
    /* Each is taken in a step of its own, and found again: the one before may have moved it. */
    for (size_t i = 0; longest_ms == 0 && i < count; i++) {
        buckets[i].slot = find_slot(throttle, buckets[i].key);
        take(throttle, &buckets[i], now_ms);
    }
    buckets[PAIR].slot = find_slot(throttle, buckets[PAIR].key);
    int64_t used = (debt_ms(&buckets[PAIR], now_ms) + THROTTLE_PAIR_MS - 1) / THROTTLE_PAIR_MS;
    pthread_mutex_unlock(&throttle->mutex);
    return (struct throttle_answer){.allowed = longest_ms == 0,
        .left = used >= THROTTLE_PAIR_BURST ? 0 : (int)(THROTTLE_PAIR_BURST - used),
        .wait_s = (longest_ms + 999) / 1000};
}

void throttle_forgive(
    struct throttle *throttle, const char *account, const char *address, int64_t now_ms)
{
    struct bucket buckets[BUCKETS];
    pthread_mutex_lock(&throttle->mutex);
    find_buckets(throttle, account, address, buckets);
    /* Where the account was known the guess took nothing from its own bucket. */
    size_t count = debt_ms(&buckets[KNOWN], now_ms) > 0 ? ACCOUNT : KNOWN;
    for (size_t i = 0; i < count; i++) {
        if (buckets[i].slot != NULL) {
            buckets[i].slot->full_at_ms = i == PAIR
                ? 0
                : now_ms + debt_ms(&buckets[i], now_ms) - buckets[i].interval_ms;
        }
    }
    struct slot *known = buckets[KNOWN].slot;
    known = known != NULL ? known : take_slot(throttle, buckets[KNOWN].key);
    known->full_at_ms = now_ms + known_ms;
    pthread_mutex_unlock(&throttle->mutex);
}
