// SPDX-License-Identifier: Apache-2.0

/// What is wrong with the URL of an API.
enum BaseURLError: Error, CustomStringConvertible {
    case scheme, characters, query, slash, credentials, host

    var description: String {
        switch self {
        case .scheme: "the URL must start with https:// or http://"
        case .characters: "the URL holds a character that must be percent-encoded"
        case .query: "the URL cannot have a query or fragment: remove what starts with ? or #"
        case .slash: "remove the slash at the end of the URL"
        case .credentials: "the URL cannot hold a user or password: the key belongs in api_key"
        case .host: "the URL needs a host, and a port from 1 to 65535 if it has one: https://api.example.com"
        }
    }
}
