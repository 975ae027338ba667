/* getaddrinfo(3) replaced for the test program, libcurl included: names under .test are ours.
 *
 *   origin.test     127.0.0.1
 *   private.test    10.0.0.1
 *   both.test       10.0.0.1, then 127.0.0.1
 *   stuck.test      does not answer until fake_resolver_release()
 *   anything else   is not found; addresses stand for themselves
 */
#ifndef TESTS_FAKE_RESOLVER_H
#define TESTS_FAKE_RESOLVER_H

/* Let the stuck lookups go and wait until all their threads have left the resolver. */
void fake_resolver_release(void);

/* Lookups that are stuck now. */
int fake_resolver_stuck(void);

#endif
