// SPDX-License-Identifier: Apache-2.0

/// Text that is safe to stand in an HTML document.
struct HTML: ExpressibleByStringInterpolation, CustomStringConvertible {
    let description: String

    init(stringLiteral markup: String) {
        description = markup
    }

    init(stringInterpolation: Interpolation) {
        description = stringInterpolation.markup
    }

    init(_ pieces: [HTML]) {
        description = pieces.map(\.description).joined()
    }

    /// Builds markup: literals as they are, texts escaped, markup as it is.
    struct Interpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            markup.reserveCapacity(literalCapacity)
        }

        mutating func appendLiteral(_ literal: String) {
            markup += literal
        }

        mutating func appendInterpolation(_ html: HTML) {
            markup += html.description
        }

        mutating func appendInterpolation(_ text: String) {
            for scalar in text.unicodeScalars {
                markup += HTML.escaped(scalar)
            }
        }

        mutating func appendInterpolation(_ number: Int) {
            markup += String(number)
        }
    }

    /// Markup characters become entities; characters that steer the reader's eye (controls, bidi marks) become visible.
    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "&": "&amp;"
        case "<": "&lt;"
        case ">": "&gt;"
        case "\"": "&quot;"
        case "'": "&#39;"
        case "\n", "\t": " "
        case _ where scalar.properties.generalCategory == .control: "\u{FFFD}"
        case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}", "\u{200E}", "\u{200F}", "\u{061C}": "\u{FFFD}"
        default: String(scalar)
        }
    }
}

/// How the status page looks, in light and in dark.
enum Stylesheet {
    /// The style sheet; it loads nothing from elsewhere.
    static let css: HTML = """
        :root{color-scheme:light dark;--ink:light-dark(#1b1f24,#e6e8eb);--soft:light-dark(#57606a,#9aa4af);\
        --paper:light-dark(#fff,#14171a);--card:light-dark(#f5f7f9,#1d2125);--line:light-dark(#d8dee4,#30363d);\
        --up:light-dark(#1a7f37,#4ac26b);--wait:light-dark(#9a6700,#d4a72c);--down:light-dark(#cf222e,#ff7b72);\
        --link:light-dark(#0969da,#6cb6ff)}
        *{box-sizing:border-box}
        body{margin:0 auto;max-width:62rem;padding:1.5rem;background:var(--paper);color:var(--ink);\
        font:16px/1.5 system-ui,sans-serif}
        header{display:flex;flex-wrap:wrap;justify-content:space-between;align-items:baseline;gap:.5rem}
        h1{font-size:1.4rem;margin:0}h1 small{color:var(--soft);font-weight:400;font-size:1rem}
        nav a{margin-left:1.2rem}a{color:var(--link)}
        .notice{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.5rem 1rem}
        .summary{font-size:1.6rem;font-weight:600;margin:1.5rem 0 1rem;padding-left:.9rem;border-left:.4rem solid}
        .summary.up{border-color:var(--up)}.summary.wait{border-color:var(--wait)}.summary.down{border-color:var(--down)}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(9rem,1fr));gap:.8rem;margin:0 0 1.5rem}
        .tiles div{background:var(--card);border:1px solid var(--line);border-radius:.5rem;padding:.6rem 1rem}
        dt{color:var(--soft);font-size:.85rem}dd{margin:0;font-size:1.4rem;font-variant-numeric:tabular-nums}
        table{width:100%;border-collapse:collapse}
        th,td{text-align:left;padding:.45rem .6rem;border-top:1px solid var(--line)}
        tbody th,.problem td,.parts td{overflow-wrap:anywhere}
        thead th{border-top:0;color:var(--soft);font-weight:500;font-size:.85rem}
        .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
        .state{font-weight:600}.up .state{color:var(--up)}.wait .state{color:var(--wait)}.down .state{color:var(--down)}
        .problem td{border-top:0;padding-top:0;color:var(--soft)}.problem.down td{color:var(--down)}
        .parts td{border-top:0;padding-top:0;color:var(--soft);font-size:.85rem}\
        .parts ul{display:flex;flex-wrap:wrap;gap:.1rem 1.4rem;list-style:none;margin:0;padding:0}
        footer{margin-top:2rem;color:var(--soft);font-size:.85rem}
        @media(max-width:40rem){thead{display:none}tr{display:block;padding:.4rem 0;border-top:1px solid var(--line)}\
        tr.parts,tr.problem{border:0;padding:0 0 .3rem}th,td{display:inline-block;border:0;padding:.1rem .6rem}\
        td[data-label]::before{content:attr(data-label) ': ';color:var(--soft)}}
        """
}
