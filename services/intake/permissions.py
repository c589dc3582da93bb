"""Who may do what with tickets, their conversation, consents, verification and links, and customers."""

from shared.auth import READERS, STAFF, Permissions, rule

PERMISSIONS: Permissions = {
    "ticket:open": rule(f"{STAFF} service", own="requester company_viewer"),
    "ticket:read": rule(READERS, own="requester", company="company_viewer"),
    "ticket:amend": rule(STAFF, own="requester"),
    "ticket:answer": rule(STAFF, own="requester"),
    "ticket:urge": rule("agent lead", own="requester", company="company_viewer"),
    "ticket:reopen": rule("agent lead", own="requester"),
    "ticket:complete": rule("lead"),
    "ticket:cancel": rule("agent lead", own="requester"),
    "ticket:close": rule("agent lead"),
    "message:post": rule(f"{STAFF} service", own="requester"),
    "note:post": rule(STAFF),
    "attachment:add": rule(STAFF, own="requester"),
    "attachment:read": rule(READERS, own="requester", company="company_viewer"),
    "consent:give": rule(own="requester"),
    "consent:record": rule(STAFF),
    "consent:revoke": rule(STAFF, own="requester"),
    "solution:review": rule(own="requester"),
    "feedback:give": rule(own="requester"),
    "call_back:record": rule(STAFF),
    "link:send": rule(STAFF),
    "phone_verification:record": rule("agent lead"),
    "phone_verification:confirm": rule("agent lead"),
    "mail:read": rule("agent lead auditor"),
    "mail:accept": rule("agent lead"),
    "call:read": rule("agent engineer lead auditor"),
    "call:record": rule(STAFF),
    "customer:read": rule("agent engineer lead auditor admin"),
    "customer:merge": rule("lead admin"),
}
