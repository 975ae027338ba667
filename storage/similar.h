/* What a connection keeps of printed titles, to find those like a story. Private to storage/;
 * the question itself is desk_list_similar(). On the thread of the connection.
 */
#ifndef STORAGE_SIMILAR_H
#define STORAGE_SIMILAR_H

struct store;

/* Free what was kept; nothing when there is none. */
void similar_forget(struct store *store);

#endif
