"""Words that several columns share, and how lists of them are written down."""


def words(text: str) -> tuple[str, ...]:
    """The words of a list with | between them."""
    return tuple(word.strip() for word in text.split("|"))


def spoken(**writings: str) -> dict[str, str]:
    """A choice's synonyms: each word of the lists, by code, → the code."""
    return {word: code for code, text in writings.items() for word in words(text)}


# Words in the headings above that make a column one of the Party organisation, of its staff, or
# of somebody else, and no longer one of the association.
OF_PARTY = ("党组织", "党支部", "支部", "党建", "党务", "书记", "party")
OF_OTHERS = (
    "党务",
    "书记",
    "指导员",
    "联络员",
    "联系人",
    "秘书长",
    "party",
    "instructor",
    "secretary",
)
ASSOCIATION_LIKE = (
    r"协会|商会|联合会|学会|研究会|促进会|联谊会|同业公会|联盟|基金会|"
    r"[Aa]ssociation|[Cc]hamber|[Ff]ederation|[Ss]ociety|[Ff]oundation"
)
DEPARTMENT_LIKE = (
    r"局|委|办|会|部|社|中心|院|机关|政府|公司|直接登记|^无$|"
    r"(?i:bureau|office|department|commission)"
)
NOT_ORGANISED = words(
    "未建 | 未建立 | 未成立 | 未组建 | 未建党组织 | 未成立党组织 | 未建立党组织 | 未组建党组织 | "
    "未成立党支部 | 未建立党支部 | 尚未建立 | 尚未成立 | 尚未组建 | 暂未建立 | 暂未成立 | "
    "暂未组建 | 尚未建立党组织 | 尚未成立党组织 | 暂未建立党组织 | 暂未成立党组织 | 无党组织 | "
    "没有党组织 | 应建未建 | 待建 | 待成立 | 拟建 | 拟成立 | 筹建中 | 正在筹建 | 筹备中 | "
    "不具备条件 | 暂不具备条件 | 不符合条件 | 否 | ×"
)
VACANT = words(
    "暂缺 | 空缺 | 缺 | 未定 | 待定 | 未选派 | 未派 | 暂未选派 | 未指派 | 未配备 | 否 | ×"
)
