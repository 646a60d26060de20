"""Allotting money to projects by their votes under a named rule, with a reason for every project."""

from madang.budgeting.allotting import FORMAT as FORMAT
from madang.budgeting.allotting import RULES as RULES
from madang.budgeting.allotting import TIES as TIES
from madang.budgeting.allotting import allot as allot
from madang.budgeting.explaining import explain as explain
from madang.budgeting.projects import Allotment as Allotment
from madang.budgeting.projects import Project as Project
from madang.budgeting.projects import Reason as Reason
from madang.budgeting.verifying import verify as verify
