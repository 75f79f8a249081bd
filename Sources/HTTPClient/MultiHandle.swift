// SPDX-License-Identifier: Apache-2.0

internal import CCurl

/// A libcurl multi handle: the current transfers and their connection pool.
final class MultiHandle {
    private let pointer: UnsafeMutableRawPointer

    init(_ settings: CurlSettings) throws(TransportError) {
        guard Library.isReady, let pointer = curl_multi_init() else { throw .unreachable("libcurl does not start") }
        self.pointer = pointer
        curl_multi_setopt_long(pointer, CURLMOPT_MAX_TOTAL_CONNECTIONS, settings.maxConnections)
        curl_multi_setopt_long(pointer, CURLMOPT_MAXCONNECTS, settings.maxConnections)
    }

    deinit {
        curl_multi_cleanup(pointer)
    }

    func add(_ easy: borrowing EasyHandle) throws(TransportError) {
        let code = curl_multi_add_handle(pointer, easy.pointer)
        guard code == CURLM_OK else { throw .unreachable(String(cString: curl_multi_strerror(code))) }
    }

    func remove(_ easy: borrowing EasyHandle) {
        curl_multi_remove_handle(pointer, easy.pointer)
    }

    /// Advances every transfer without blocking.
    func perform() {
        var running: Int32 = 0
        curl_multi_perform(pointer, &running)
    }

    /// The id and result of the next finished transfer; `nil` if there is none.
    func nextCompleted() -> (id: Int, code: CURLcode)? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(pointer, &left)?.pointee {
            if message.msg == CURLMSG_DONE, let easy = message.easy_handle {
                return (EasyHandle.id(of: easy), message.data.result)
            }
        }
        return nil
    }

    /// Waits for a socket, libcurl's timer, a deadline or a readable file descriptor.
    func wait(until deadline: ContinuousClock.Instant, orFor descriptor: Int32) {
        var entry = curl_waitfd(fd: descriptor, events: Int16(CURL_WAIT_POLLIN), revents: 0)
        curl_multi_poll(pointer, &entry, 1, Int32(clamping: (deadline - .now).milliseconds), nil)
    }
}

private enum Library {
    /// Initializes libcurl once per process; false if that failed.
    static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK
}

extension Duration {
    /// Whole milliseconds, rounded up, from 0 to a day.
    var milliseconds: Int {
        let (seconds, attoseconds) = clamped.components
        return Int(seconds) * 1000 + Int((attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }

    private var clamped: Duration {
        min(max(self, .zero), .seconds(86_400))
    }
}
