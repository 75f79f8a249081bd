// SPDX-License-Identifier: Apache-2.0

internal import Configuration

/// One reading of a web configuration file and of the files that it names.
struct WebReading {
    /// The settings, or everything that is wrong with them.
    let result: Result<WebSettings, WebSettingsError>
    /// The files as they were just before they were read.
    let stamps: [String: FileStamp]

    /// Reads a file.
    init(of file: String) {
        var stamps = [file: FileStamp(of: file)]
        result = Result { () throws(WebSettingsError) in
            let reader = Reader(environment: nil)
            var web = WebReader(reader: reader, file: file)
            defer { stamps.merge(web.stamps) { first, _ in first } }
            let content = try Self.content(of: file)
            do throws(Problems) {
                let settings = web.settings(from: reader.root(try YAMLNode(parsing: content)))
                try reader.finish()
                return settings
            } catch {
                throw .invalid(file: file, error)
            }
        }
        self.stamps = stamps
    }

    private static func content(of file: String) throws(WebSettingsError) -> [UInt8] {
        do throws(FileError) {
            return try FileContent.read(file, upTo: YAMLLimits().bytes)
        } catch {
            throw .unreadable(error)
        }
    }
}
