"""Writes on money. Every movement goes through `posting.post`, which guards the balances."""

from madang.site.ledger.actions.budget import NewLine as NewLine
from madang.site.ledger.actions.budget import NewPart as NewPart
from madang.site.ledger.actions.budget import appropriate as appropriate
from madang.site.ledger.actions.budget import forecast as forecast
from madang.site.ledger.actions.budget import load_lines as load_lines
from madang.site.ledger.actions.corrections import request_correction as request_correction
from madang.site.ledger.actions.corrections import request_refund as request_refund
from madang.site.ledger.actions.corrections import request_release as request_release
from madang.site.ledger.actions.requests import approve as approve
from madang.site.ledger.actions.requests import refuse as refuse
from madang.site.ledger.actions.requests import request_obligation as request_obligation
from madang.site.ledger.actions.requests import request_payment as request_payment
from madang.site.ledger.actions.requests import withdraw as withdraw
from madang.site.ledger.actions.revenue import NewItem as NewItem
from madang.site.ledger.actions.revenue import assess as assess
from madang.site.ledger.actions.revenue import collect as collect
from madang.site.ledger.actions.revenue import load_revenue as load_revenue
from madang.site.ledger.actions.uploads import drop_upload as drop_upload
from madang.site.ledger.actions.uploads import enter as enter
from madang.site.ledger.actions.uploads import post_upload as post_upload
from madang.site.ledger.actions.uploads import read_upload as read_upload
