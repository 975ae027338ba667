/* Searches of HTTP requests: on a worker, with a reading connection of their own, one after the
 * other.
 *
 * The connection of the request is suspended meanwhile (web/server/write.h does the same for
 * changes). A search that waited and ran for a second is given up. Loop thread.
 */
#ifndef WEB_SERVER_SEARCHER_H
#define WEB_SERVER_SEARCHER_H

#include <microhttpd.h>

#include "net/loop.h"
#include "web/server/request.h"

struct searcher;

/* `database` is borrowed; it is opened with the first search. */
struct searcher *searcher_new(struct loop *loop, const char *database);

/* Answer what waits with 503. Before server_stop(). NULL is harmless. */
void searcher_stop(struct searcher *searcher);

/* After the loop has run dry. NULL is harmless. */
void searcher_free(struct searcher *searcher);

/* Start the search that the request's address asks for, and suspend its connection; or answer
 * what is wrong with it at once. */
enum MHD_Result search_start(struct request *request);

/* Whether this request's search has been done, and the answer is wanted. */
bool search_done(const struct request *request);
enum MHD_Result search_answer(struct request *request);

/* The request ends before its search, which goes on and answers nobody. NULL is harmless. */
void search_forget(struct search_job *job);

#endif
