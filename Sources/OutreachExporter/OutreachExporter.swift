// SPDX-License-Identifier: Apache-2.0

@main
enum OutreachExporter {
    static func main() {}
}
