"""Chinese numerals as they occur in dates and small counts."""

_DIGITS = "零一二三四五六七八九"


def _writing(number: int) -> str:
    tens, ones = divmod(number, 10)
    if not tens:
        return _DIGITS[ones]
    return ("" if tens == 1 else _DIGITS[tens]) + "十" + (_DIGITS[ones] if ones else "")


# Writing → number, from 0 to 99.
NUMBERS = {_writing(number): number for number in range(100)} | {"〇": 0, "两": 2}
# Every sign for a digit of a year → the digit.
YEAR_DIGITS = str.maketrans(_DIGITS + "〇○", "0123456789" + "00")
