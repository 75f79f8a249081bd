// SPDX-License-Identifier: Apache-2.0

/// What a step does, in lemlist's words; the steps of the others are all e-mails.
package enum StepTask: String, Sendable {
    case email
    case linkedinVisit
    case linkedinInvite
    case linkedinSend
    case phone
    case manual
    case conditional
}
