#include "web/server/traffic.h"

void traffic_add(
    struct traffic *traffic, const char *route, const char *method, unsigned status)
{
    for (size_t i = 0; i < traffic->kind_count; i++) {
        struct traffic_kind *kind = &traffic->kinds[i];
        if (kind->route == route && kind->method == method && kind->status == status) {
            kind->count++;
            return;
        }
    }
    if (traffic->kind_count < TRAFFIC_KINDS_MAX) {
        traffic->kinds[traffic->kind_count++] = (struct traffic_kind){route, method, status, 1};
    }
}
