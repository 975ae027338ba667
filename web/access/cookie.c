#include "web/access/cookie.h"

#include <stdio.h>
#include <string.h>

enum { VALUE_MAX = 64 };

static const char *name_of(bool secure)
{
    return secure ? "__Host-briefd" : "briefd";
}

const char *cookie_find(const char *header, bool secure, size_t *ret_length)
{
    const char *name = name_of(secure), *found = NULL;
    size_t name_length = strlen(name);
    for (const char *at = header == NULL ? "" : header; *at != '\0';) {
        at += strspn(at, "; \t");
        size_t length = strcspn(at, ";");
        if (length > name_length && memcmp(at, name, name_length) == 0 &&
            at[name_length] == '=') {
            if (found != NULL) {
                return NULL;
            }
            found = at + name_length + 1;
            *ret_length = length - name_length - 1;
            while (*ret_length > 0 && strchr(" \t", found[*ret_length - 1]) != NULL) {
                (*ret_length)--;
            }
        }
        at += length;
    }
    return found != NULL && *ret_length > 0 && *ret_length <= VALUE_MAX ? found : NULL;
}

const char *cookie_write(const char *secret, bool secure, int64_t max_age_s, char *out)
{
    char age[32] = "";
    if (max_age_s > 0) {
        snprintf(age, sizeof(age), "; Max-Age=%lld", (long long)max_age_s);
    }
    snprintf(out, COOKIE_SET_BYTES, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s",
        name_of(secure), secret, secure ? "; Secure" : "", age);
    return out;
}

const char *cookie_write_ended(bool secure, char *out)
{
    snprintf(out, COOKIE_SET_BYTES, "%s=; Path=/; HttpOnly; SameSite=Strict%s; Max-Age=0",
        name_of(secure), secure ? "; Secure" : "");
    return out;
}
