/* A very small HTTP server: one request a connection, GET only. */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "answer.h"

static void leave(int signal)
{
    (void)signal;
    _exit(0);
}

static void serve(int client)
{
    char request[2048] = "", path[1024] = "", body[4096] = "", head[256];
    ssize_t got = read(client, request, sizeof request - 1);

    if (got > 0 && sscanf(request, "GET %1023s", path) == 1) {
        int status = answer(path, body, sizeof body);
        int length = snprintf(head, sizeof head,
                              "HTTP/1.0 %d %s\r\nContent-Type: text/plain\r\nContent-Length: %zu\r\n\r\n",
                              status, status == 200 ? "OK" : "Error", strlen(body));
        if (write(client, head, length) != length || write(client, body, strlen(body)) < 0)
            perror("write");
    }
    close(client);
}

int main(void)
{
    const char *port = getenv("PORT");
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(atoi(port ? port : "8080"))};
    int listener = socket(AF_INET, SOCK_STREAM, 0), yes = 1;

    signal(SIGTERM, leave);
    curl_global_init(CURL_GLOBAL_DEFAULT);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 16) != 0) {
        perror("listen");
        return 1;
    }
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client >= 0)
            serve(client);
    }
}
