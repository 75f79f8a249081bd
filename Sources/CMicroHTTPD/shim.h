// SPDX-License-Identifier: Apache-2.0
#pragma once
#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <sys/socket.h>

// libmicrohttpd's variadic functions, which Swift does not import, as functions of fixed arguments.

/// What libmicrohttpd calls back, and the context each call gets.
struct ServerCallbacks {
    void *context;
    MHD_NotifyConnectionCallback connection;
    void *(*requestLine)(void *context, const char *target, struct MHD_Connection *connection);
    MHD_AccessHandlerCallback request;
    MHD_RequestCompletedCallback completed;
};

/// Leaves a request target as it was sent: the Swift side decodes it, knowing its length.
static inline size_t server_keep_escapes(void *context, struct MHD_Connection *connection, char *text) {
    (void)context, (void)connection;
    size_t length = 0;
    while (text[length] != '\0') length++;
    return length;
}

/// Has no certificate to offer: each connection gets its credentials when it is opened.
static inline int server_no_certificate(void) {
    return -1;
}

/// Starts a pool of threads that accept from `listener`, which then belongs to the daemon; NULL on failure.
///
/// With TLS they poll: under epoll libmicrohttpd spins for as long as a handshake waits for the client.
static inline struct MHD_Daemon *server_start(
    int listener, unsigned int threads, unsigned int connections, size_t memory, int tls, struct ServerCallbacks calls) {
    unsigned int flags = tls ? MHD_USE_TLS | MHD_USE_POLL_INTERNAL_THREAD : MHD_USE_EPOLL_INTERNAL_THREAD;
    return MHD_start_daemon(
        flags | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL,
        calls.request, calls.context,
        MHD_OPTION_LISTEN_SOCKET, listener,
        MHD_OPTION_THREAD_POOL_SIZE, threads,
        MHD_OPTION_CONNECTION_LIMIT, connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, memory,
        MHD_OPTION_UNESCAPE_CALLBACK, server_keep_escapes, NULL,
        MHD_OPTION_URI_LOG_CALLBACK, calls.requestLine, calls.context,
        MHD_OPTION_NOTIFY_CONNECTION, calls.connection, calls.context,
        MHD_OPTION_NOTIFY_COMPLETED, calls.completed, calls.context,
        tls ? MHD_OPTION_HTTPS_CERT_CALLBACK : MHD_OPTION_END, server_no_certificate,
        MHD_OPTION_END);
}

/// The socket a connection runs over; -1 if there is none.
static inline int server_socket(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    return info ? info->connect_fd : -1;
}

/// The GnuTLS session of a connection, before its handshake; NULL if it is not encrypted.
static inline void *server_session(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    return info ? info->tls_session : NULL;
}

/// Whether the client of a connection is on this machine: at a loopback address, or at a Unix domain socket.
static inline int server_client_is_local(struct MHD_Connection *connection) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const struct sockaddr *client = info ? info->client_addr : NULL;
    if (!client) return 0;
    if (client->sa_family == AF_INET) {
        return ntohl(((const struct sockaddr_in *)client)->sin_addr.s_addr) >> 24 == IN_LOOPBACKNET;
    }
    if (client->sa_family == AF_INET6) {
        const struct in6_addr *address = &((const struct sockaddr_in6 *)client)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(address)) return address->s6_addr[12] == IN_LOOPBACKNET;
        return IN6_IS_ADDR_LOOPBACK(address);
    }
    return client->sa_family == AF_UNIX;
}
