"""Who opens the desk pages of this room; what they may do there is asked of the policy."""

from madang.site.kit.web.access import roles

officials = roles("officer", "head", "district_officer")
