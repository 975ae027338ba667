/* Putting an answer on the wire: headers every answer carries, bodies without a copy.
 *
 * The only file that builds libmicrohttpd responses. Each function queues exactly one response
 * for the request and returns what an access handler returns. A snapshot's body is sent from
 * the snapshot's own memory; the response holds a reference until the last byte is gone. Loop
 * thread.
 */
#ifndef WEB_SERVER_RESPOND_H
#define WEB_SERVER_RESPOND_H

#include <microhttpd.h>

#include "web/server/call.h"
#include "web/server/desk_assets.h"
#include "web/server/request.h"
#include "web/server/snapshot.h"

/* 200 with the document, or 304 when If-None-Match names it. `vary` lists what else than
 * Accept-Encoding chose it: "Accept, Accept-Encoding". */
enum MHD_Result respond_document(const struct request *request, struct snapshot *snapshot,
    enum snapshot_document document, const char *vary);

/* A file of the desk: 200, or 304 when If-None-Match names it. Files below assets/ have a hash
 * in their name and may be kept for ever; the page may run their scripts and nobody else's. */
enum MHD_Result respond_asset(const struct request *request, const struct desk_asset *asset);

/* 200 with a body that lives as long as the program. */
enum MHD_Result respond_static(
    const struct request *request, const char *media_type, const char *body);

/* Bytes made for this one request, not to be stored by any cache; takes over `body`, of
 * malloc(3). */
enum MHD_Result respond_own(const struct request *request, unsigned status,
    const char *media_type, char *body, size_t length);

/* The same of a buffer, which is released. One that has failed is answered with 500. */
enum MHD_Result respond_buffer(const struct request *request, unsigned status,
    const char *media_type, struct buffer *body);

/* What the call's work made: its status or 200, type, ETag and Location, not to be stored by
 * any cache unless it is `lasting`; then also 304 when If-None-Match names what it is. Takes
 * the body over. */
enum MHD_Result respond_call(const struct request *request, struct call *call);

/* Its refusal: an RFC 9457 problem with call->status and the members of call->more. */
enum MHD_Result respond_refusal(
    const struct request *request, struct call *call, const char *detail);

/* 200 with what `read` gives until it ends: libmicrohttpd asks it for at most `block` bytes at
 * a time. */
enum MHD_Result respond_stream(const struct request *request, const char *media_type,
    size_t block, MHD_ContentReaderCallback read, void *data);

/* 204 with Allow, for OPTIONS. */
enum MHD_Result respond_options(const struct request *request, const char *allow);

/* 303 to a page of this server: a path, which gets the prefix of a proxy in front, or relative
 * to the request's. */
enum MHD_Result respond_redirect(const struct request *request, const char *location);

/* An RFC 9457 problem, or for a browser a page that says the same (request_wants_page()).
 * `header` and `value` name one header more (Allow, Retry-After), or are NULL. */
enum MHD_Result respond_problem(const struct request *request, unsigned status,
    const char *detail, const char *header, const char *value);

#endif
