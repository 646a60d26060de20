"""Computing, printing and comparing the numbers of a report: exact, half up, the same in every place."""

from madang.figures.amounts import UNITS as UNITS
from madang.figures.amounts import MoneyUnit as MoneyUnit
from madang.figures.amounts import rate as rate
from madang.figures.amounts import scaled as scaled
from madang.figures.expressions import ExpressionError as ExpressionError
from madang.figures.expressions import evaluate as evaluate
from madang.figures.printing import day_en as day_en
from madang.figures.printing import day_ko as day_ko
from madang.figures.printing import printed as printed
from madang.figures.printing import printed_rate as printed_rate
from madang.figures.printing import won_in_words_ko as won_in_words_ko
from madang.figures.printing import won_ko as won_ko
from madang.figures.relations import Finding as Finding
from madang.figures.relations import Relation as Relation
from madang.figures.relations import check as check
from madang.figures.values import FigureValue as FigureValue
