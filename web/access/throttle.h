/* How often somebody may guess a password.
 *
 * Three token buckets stand in the way of a guess: one for this account from this address, one
 * for the address whatever the account, one for the account whatever the address. The first
 * stops a person who guesses, the second one who tries a list of names, the third a thousand
 * machines that try one name. The third alone would let strangers lock somebody out, so it does
 * not count for an address the account is known at: who is logged in there, or has been within
 * THROTTLE_KNOWN_DAYS (while the program ran: a restart forgets who has logged out), gets in.
 *
 * A token is taken before the password is looked at, so that a hundred guesses at once are a
 * hundred, and given back when it was right. Memory is fixed: THROTTLE_SLOTS buckets; where a
 * new one finds no room, the fullest bucket gives way, which is the one that stops nobody. Any
 * thread. Time comes in as an argument.
 */
#ifndef WEB_ACCESS_THROTTLE_H
#define WEB_ACCESS_THROTTLE_H

#include <stdbool.h>
#include <stdint.h>

struct throttle;

enum {
    THROTTLE_SLOTS = 8192,
    THROTTLE_PAIR_BURST = 5,       /* of one account from one address, */
    THROTTLE_PAIR_MS = 180 * 1000, /* then one in this time: all five again in 15 minutes */
    THROTTLE_ADDRESS_BURST = 30,
    THROTTLE_ADDRESS_MS = 30 * 1000,
    THROTTLE_ACCOUNT_BURST = 60,
    THROTTLE_ACCOUNT_MS = 60 * 1000,
    THROTTLE_KNOWN_DAYS = 90,
};

struct throttle *throttle_new(void);
void throttle_free(struct throttle *throttle); /* NULL is harmless */

struct throttle_answer {
    bool allowed;
    int left;       /* guesses of this account from here after this one */
    int64_t wait_s; /* when not allowed: until the next one is */
};

/* One guess at the password of `account` from `address` ("192.0.2.1", "2001:db8::1": of these
 * the first 64 bits count, which are one customer's). `known`: the account has been logged in
 * from there. A guess that is not allowed takes nothing. */
struct throttle_answer throttle_guess(struct throttle *throttle, const char *account,
    const char *address, bool known, int64_t now_ms);

/* It was right: the guess is given back, and the account is free again at this address, and
 * known there from now on. */
void throttle_forgive(
    struct throttle *throttle, const char *account, const char *address, int64_t now_ms);

#endif
