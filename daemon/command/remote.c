/* One POST, on a loop of its own that ends with the answer. */
#include "command/remote.h"

#include <jansson.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "net/http_client.h"

enum {
    /* A little more than the daemon allows itself (pipeline/adder.c). */
    ANSWER_TIMEOUT_MS = 60 * 1000,
    CONNECT_TIMEOUT_MS = 5 * 1000,
    ANSWER_MAX_BYTES = 64 << 20,
    TOKEN_BYTES = 128,
};

struct conversation {
    struct buffer *out;
    struct fault *fault;
    bool ok;
};

/* problem+json says in "detail" what to do; anything else did not come from briefd. */
static bool read_problem(const struct http_response *response, struct fault *fault)
{
    json_t *problem = json_loadb(response->body, response->body_length, 0, NULL);
    const char *detail = json_string_value(json_object_get(problem, "detail"));
    if (detail != NULL) {
        fault_set(fault, FAULT_NETWORK, "%s", detail);
    } else {
        fault_set(fault, FAULT_NETWORK,
            "what serves there answered with status %d and is no briefd: name its address with "
            "--listen",
            response->status);
    }
    json_decref(problem);
    return false;
}

static void on_answer(void *data, struct http_response *response, const struct fault *fault)
{
    struct conversation *conversation = data;
    if (fault != NULL) {
        fault_set(conversation->fault, fault->kind,
            "another briefd has the database, but does not answer (%s): name the address it "
            "serves with --listen",
            fault->message);
    } else if (response->status == 401) {
        fault_set(conversation->fault, FAULT_NETWORK,
            "the daemon asks who you are: put a token ('briefd user token NAME --scope edit') "
            "into the environment as BRIEFD_TOKEN");
    } else if (response->status != 200) {
        read_problem(response, conversation->fault);
    } else {
        conversation->ok = buffer_append(
            conversation->out, response->body, response->body_length);
    }
}

/* The token to come in with where there are accounts: from the environment, or from systemd
 * (LoadCredential=briefd-token:…). False: there is none. */
static bool read_token(char token[TOKEN_BYTES])
{
    const char *given = getenv("BRIEFD_TOKEN"), *folder = getenv("CREDENTIALS_DIRECTORY");
    char path[PATH_MAX];
    token[0] = '\0';
    if (given != NULL) {
        snprintf(token, TOKEN_BYTES, "%s", given);
    } else if (folder != NULL) {
        snprintf(path, sizeof(path), "%s/briefd-token", folder);
        FILE *file = fopen(path, "re");
        if (file != NULL) {
            token[fread(token, 1, TOKEN_BYTES - 1, file)] = '\0';
            fclose(file);
        }
    }
    token[strcspn(token, "\r\n")] = '\0';
    return token[0] != '\0';
}

static bool converse(struct loop *loop, const char *listen, const struct remote_post *post,
    struct conversation *conversation)
{
    struct address_range loopback[2];
    char url[256], token[TOKEN_BYTES];
    snprintf(url, sizeof(url), "http://%s%s", listen, post->path);
    if (!address_range_parse("127.0.0.0/8", &loopback[0], conversation->fault) ||
        !address_range_parse("::1", &loopback[1], conversation->fault)) {
        return false;
    }
    struct http_options options = {
        .url = url,
        .user_agent = "briefd",
        .accept = "application/json",
        .bearer = read_token(token) ? token : NULL,
        .post = post->body,
        .post_bytes = post->length,
        .post_type = post->media_type,
        .timeout_ms = ANSWER_TIMEOUT_MS,
        .connect_timeout_ms = CONNECT_TIMEOUT_MS,
        .stall_timeout_ms = ANSWER_TIMEOUT_MS,
        .max_bytes = ANSWER_MAX_BYTES,
        .allowed = loopback,
        .allowed_count = 2,
    };
    struct http_client *client = http_client_new(loop, 1);
    struct http_request *request;
    if (http_get(client, &options, on_answer, conversation, &request, conversation->fault)) {
        loop_run(loop);
    }
    http_client_free(client);
    loop_run(loop);
    return conversation->ok;
}

bool remote_post(
    const char *listen, const struct remote_post *post, struct buffer *out, struct fault *fault)
{
    struct conversation conversation = {.out = out, .fault = fault};
    struct loop *loop = loop_new();
    bool ok = converse(loop, listen, post, &conversation);
    loop_free(loop);
    return ok;
}
