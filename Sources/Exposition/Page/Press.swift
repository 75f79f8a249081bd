// SPDX-License-Identifier: Apache-2.0

/// Builds editions, one at a time: so nothing is built twice, memory holds one build, and who waits holds no thread.
actor Press {
    /// What the editions are made of.
    nonisolated let sections: [any Section]
    private let shelf: Shelf

    /// A press that puts what it builds on a shelf.
    init(_ sections: [any Section], shelf: Shelf) {
        self.sections = sections
        self.shelf = shelf
    }

    /// The edition of now: the one on the shelf where it still shows what the sections would write, or a new one.
    @discardableResult
    func edition(in rendition: Rendition) -> Edition {
        let previous = shelf[rendition]
        if let previous, previous.isCurrent(for: sections) { return previous }
        let edition = Edition(of: sections, in: rendition, after: previous)
        shelf.put(edition, in: rendition)
        return edition
    }
}
