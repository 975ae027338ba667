/* How malloc() is told to treat a process of few threads that runs for months.
 *
 * Both are about glibc's malloc; with another one, or under a sanitizer, they do nothing.
 */
#ifndef BASE_HEAP_H
#define BASE_HEAP_H

/* Once, before the first thread. */
void heap_share(void);

/* Give the system back what is free inside the heaps, too, not only at their ends. Any thread;
 * each heap is locked meanwhile, a millisecond or so. To be called after work that took much
 * and has freed it. */
void heap_give_back(void);

#endif
