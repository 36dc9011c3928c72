#include <arpa/inet.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *title = "Message of the day";

static void answer(int client) {
    char request[1024], text[512] = "", reply[1024];
    FILE *file = fopen(MESSAGES, "r");
    ssize_t got = read(client, request, sizeof request - 1);

    if (got <= 0) return;
    if (file != NULL) {
        if (fgets(text, sizeof text, file) == NULL) text[0] = '\0';
        fclose(file);
    }
    int size = snprintf(reply, sizeof reply,
                        "HTTP/1.0 %s\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n%s\n%s",
                        file != NULL ? "200 OK" : "500 Internal Server Error", title, text);
    if (write(client, reply, size) < 0) perror("write");
}

int main(int argc, char **argv) {
    int port = atoi(argc > 1 ? argv[1] : "8080"), yes = 1;
    const char *given = getenv("PORT");
    if (given != NULL) port = atoi(given);

    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = INADDR_ANY};
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    signal(SIGPIPE, SIG_IGN);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) < 0 || listen(listener, 8) < 0) {
        perror("motd");
        return 1;
    }
    for (;;) {
        int client = accept(listener, NULL, NULL);
        if (client < 0) continue;
        answer(client);
        close(client);
    }
}
