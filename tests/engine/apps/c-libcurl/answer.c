#include "answer.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

static const char *greeting = "probe at your service";

static size_t collect(char *data, size_t size, size_t count, void *into)
{
    strncat(into, data, size * count);
    return size * count;
}

/* Reads a file through libcurl, so that the library is at work and not merely linked. */
static int read_file(const char *url, char *body)
{
    CURL *curl = curl_easy_init();
    CURLcode code;

    body[0] = '\0';
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    code = curl_easy_perform(curl);
    curl_easy_cleanup(curl);
    return code == CURLE_OK ? 200 : 500;
}

int answer(const char *path, char *body, size_t size)
{
    if (strcmp(path, "/") == 0) {
        snprintf(body, size, "%s\n", greeting);
        return 200;
    }
    if (strcmp(path, "/version") == 0) {
        snprintf(body, size, "%s\n", curl_version());
        return 200;
    }
    if (strcmp(path, "/targets") == 0)
        return read_file("file:///opt/probe/targets.txt", body);
    snprintf(body, size, "not found\n");
    return 404;
}
