"""The words of the page of a third party."""

from shared.terms import Text

WORDS = {
    "third_party_title": Text("We need your help", "请协助处理"),
    "third_party_asked": Text("What we ask", "需协助的事项"),
    "third_party_customer": Text("Customer", "客户"),
    "third_party_due": Text("Please answer by", "请在此时间前答复"),
    "third_party_files": Text("Files for you", "相关文件"),
    "third_party_answer": Text("Your answer", "您的答复"),
}
