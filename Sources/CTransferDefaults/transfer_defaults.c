// SPDX-License-Identifier: MIT OR Apache-2.0

#define _GNU_SOURCE
#include "transfer_defaults.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>

static _Atomic(struct transfer_defaults *) current;

int transfer_defaults_set(struct transfer_defaults defaults) {
    struct transfer_defaults *kept = malloc(sizeof *kept);
    if (kept == NULL)
        return ENOMEM;
    *kept = defaults;
    atomic_store(&current, kept);
    return 0;
}

static int before_request(void *handle, char *address, char *local, int port, int local_port) {
    (void)local, (void)port, (void)local_port;
    const struct transfer_defaults *defaults = atomic_load(&current);
    char *url = NULL;
    if (curl_easy_getinfo(handle, CURLINFO_EFFECTIVE_URL, &url) != CURLE_OK || url == NULL)
        return CURL_PREREQFUNC_ABORT;
    return defaults->admits(url, address) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

// HTTP/1.1, because HTTP/2 carries all layers over one connection: what they have in common is slower than
// what each would have, and the frames cost both sides time.
//
// An option that is not understood must not be skipped in silence: trust would be wider than asked.
static int apply(CURL *handle, const struct transfer_defaults *defaults) {
    if (curl_easy_setopt(handle, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) != CURLE_OK ||
        curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1) != CURLE_OK ||
        curl_easy_setopt(handle, CURLOPT_NOPROXY, defaults->direct_hosts) != CURLE_OK ||
        curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, defaults->connect_timeout) !=
            CURLE_OK ||
        curl_easy_setopt(handle, CURLOPT_LOW_SPEED_LIMIT, defaults->stall_speed) != CURLE_OK ||
        curl_easy_setopt(handle, CURLOPT_LOW_SPEED_TIME, defaults->stall_seconds) != CURLE_OK)
        return 0;
    if (defaults->admits != NULL &&
        (curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, before_request) != CURLE_OK ||
         curl_easy_setopt(handle, CURLOPT_PREREQDATA, handle) != CURLE_OK))
        return 0;
    if (defaults->certificates == NULL)
        return 1;
    struct curl_blob bundle = {
        .data = (void *)defaults->certificates,
        .len = defaults->certificates_length,
        .flags = CURL_BLOB_NOCOPY,
    };
    return curl_easy_setopt(handle, CURLOPT_CAINFO_BLOB, &bundle) == CURLE_OK;
}

// Stands in front of libcurl's own function, ld.so(8) finding the program's symbols first. Every
// handle that FoundationNetworking makes passes through here, before it sets options of its own.
CURL *curl_easy_init(void) {
    CURL *(*next)(void) = (CURL * (*)(void)) dlsym(RTLD_NEXT, "curl_easy_init");
    if (next == NULL)
        return NULL;
    CURL *handle = next();
    const struct transfer_defaults *defaults = atomic_load(&current);
    if (handle == NULL || defaults == NULL || apply(handle, defaults))
        return handle;
    curl_easy_cleanup(handle);
    return NULL;
}
