/* The whole program: builds its parts in order, destroys them in reverse.
 *
 * app_open() makes what polling needs (store, loop, client, writer, poller); app_serve() adds
 * what the daemon needs on top (server, publisher, signals, readiness). Everything runs until
 * app_stop(): SIGTERM and SIGINT end the daemon within a second with nothing half done, SIGHUP
 * reads the configuration anew. Loop thread.
 */
#ifndef APP_H
#define APP_H

#include <stdbool.h>

#include "base/attributes.h"
#include "base/fault.h"
#include "net/address_guard.h"
#include "pipeline/adder.h"
#include "pipeline/poller.h"
#include "pipeline/rules.h"

struct app;

struct app_options {
    struct rules *rules;                 /* of the file; the app takes its own reference */
    bool file_alone;                     /* do not follow what the database adds to them */
    const char *config_path;             /* for SIGHUP; borrowed */
    const char *database;                /* borrowed */
    const char *listen;                  /* for app_serve(); borrowed */
    const struct address_range *allowed; /* borrowed */
    size_t allowed_count;
    struct poller_listener listener; /* NULL functions: the daemon's own */
};

/* Open the store, register the feeds, build the poller. */
must_check bool app_open(
    const struct app_options *options, struct app **ret_app, struct fault *fault);

/* Bind and serve, watch signals, tell systemd that the service is ready, poll by the schedule.
 */
must_check bool app_serve(struct app *app, struct fault *fault);

/* Run the loop until app_stop() has let everything end. */
void app_run(struct app *app);

/* Begin to end: cancels requests, closes the server. From any callback on the loop; twice is
 * harmless. */
void app_stop(struct app *app);

/* Free everything. NULL and half-built ones are harmless. */
void app_close(struct app *app);

struct poller *app_poller(struct app *app);
struct adder *app_adder(struct app *app);
struct store *app_store(
    struct app *app); /* only while the writer rests: before app_run() or after it */
struct loop *app_loop(struct app *app);

#endif
