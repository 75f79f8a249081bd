// SPDX-License-Identifier: Apache-2.0

internal import Compression
internal import Synchronization

/// The page: built once per change and rendition, served many times.
///
/// `body` may be called on many threads at once and waits for a build only where there is no page yet to answer from.
/// The sections are kept as rendered bytes and renewed by `run`; the moment is rendered anew for every scrape.
package final class Page: Sendable {
    private struct State {
        var editions: [Rendition: Edition] = [:]
        var lastAsked: [Rendition: ContinuousClock.Instant] = [:]
        var byteCounts: [Rendition: Int] = [:]
    }

    /// How long a rendition is kept that nobody asks for: twice the longest sensible scrape interval.
    private static let patience = Duration.seconds(600)

    /// Whoever holds the sections builds: one at a time, so that nothing is built twice and memory holds one build.
    private let press: Mutex<[any Section]>
    private let moment: any Section
    private let state = Mutex(State())

    /// A page of sections in the order given.
    ///
    /// - Parameters:
    ///   - sections: what changes now and then.
    ///   - moment: what changes all the time, behind them; its version is not looked at.
    package init(_ sections: [any Section], moment: any Section) {
        press = Mutex(sections)
        self.moment = moment
    }

    /// How many samples the sections had when somebody scraped last; `nil` before that.
    package var seriesCount: Int? {
        state.withLock { $0.editions.values.first?.seriesCount }
    }

    /// The page for one scrape.
    package func body(
        _ format: Format,
        _ coding: ContentCoding,
        at now: ContinuousClock.Instant = .now
    ) -> Body {
        let rendition = Rendition(syntax: format.syntax, coding: coding)
        let edition = ask(for: rendition, at: now) ?? firstEdition(in: rendition)
        let body = Body(edition.parts + [tail(of: edition, in: rendition)])
        state.withLock { $0.byteCounts[rendition] = body.byteCount }
        return body
    }

    /// Renews what has moved, in the renditions that scrapes ask for, and forgets the others.
    ///
    /// Returns at once where a build is going on already.
    package func refresh(at now: ContinuousClock.Instant = .now) {
        _ = press.withLockIfAvailable { sections in
            for (rendition, edition) in wanted(at: now) where !edition.isCurrent(for: sections) {
                let renewed = Edition(of: sections, in: rendition, after: edition)
                state.withLock { $0.editions[rendition] = renewed }
            }
        }
    }

    /// Keeps the page current until the task is cancelled.
    ///
    /// - Parameters:
    ///   - interval: how often to look for changes. After a long build the pause is longer, so that builds take at
    ///     most a twentieth of a processor.
    ///   - clock: what to wait by.
    @concurrent
    package func run(every interval: Duration = .seconds(1), clock: some Clock<Duration> = .continuous) async {
        var pause = Duration.zero
        while (try? await clock.sleep(for: pause)) != nil {
            pause = max(interval, clock.measure { refresh() } * 20)
        }
    }

    /// What there is in a rendition, noting that somebody asked.
    private func ask(for rendition: Rendition, at now: ContinuousClock.Instant) -> Edition? {
        state.withLock { state in
            state.lastAsked[rendition] = now
            return state.editions[rendition]
        }
    }

    private func firstEdition(in rendition: Rendition) -> Edition {
        press.withLock { sections in
            // Another scrape may have built it while this one waited.
            if let edition = state.withLock({ $0.editions[rendition] }) { return edition }
            let edition = Edition(of: sections, in: rendition)
            state.withLock { $0.editions[rendition] = edition }
            return edition
        }
    }

    private func wanted(at now: ContinuousClock.Instant) -> [Rendition: Edition] {
        state.withLock { state in
            state.lastAsked = state.lastAsked.filter { now - $0.value < Self.patience }
            state.editions = state.editions.filter { state.lastAsked[$0.key] != nil }
            return state.editions
        }
    }

    private func tail(of edition: Edition, in rendition: Rendition) -> Part {
        var writer = ExpositionWriter(
            rendition.syntax,
            into: rendition.coding == .gzip ? Deflater(window: .small) : nil
        )
        moment.write(to: &writer)
        writer.write(state.withLock { $0.byteCounts })
        writer.writeTotal(behind: edition.seriesCount)
        writer.end()
        return writer.finish()
    }
}
