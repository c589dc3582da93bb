"""What intake is asked over HTTP."""

from services.intake.attachments import api as attachments_api
from services.intake.call_back_causes import api as call_back_causes_api
from services.intake.calls import api as calls_api
from services.intake.changes import api as changes_api
from services.intake.channels import api as channels_api
from services.intake.consents import api as consents_api
from services.intake.console import api as console_api
from services.intake.console import api_sign_in as console_sign_in
from services.intake.conversation import api as conversation_api
from services.intake.customers import api as customers_api
from services.intake.deflection import api as deflection_api
from services.intake.directory import api_companies, api_contacts, api_imports
from services.intake.drafts import api as drafts_api
from services.intake.erasure import api as erasure_api
from services.intake.forms import api as forms_api
from services.intake.links import api as links_api
from services.intake.links import api_pages as link_pages
from services.intake.macros import api as macros_api
from services.intake.mails import api as mails_api
from services.intake.merging import api as merging_api
from services.intake.portal import api_acts, api_sign_in, api_tickets
from services.intake.products import api as products_api
from services.intake.quarantine import api as quarantine_api
from services.intake.relations import api as relations_api
from services.intake.saved_views import api as views_api
from services.intake.splitting import api as splitting_api
from services.intake.staff import api as staff_api
from services.intake.tickets import api as tickets_api
from services.intake.tickets import api_closing as closing_api
from services.intake.tickets import api_list as list_api
from services.intake.tickets import api_search as search_api
from services.intake.timeline import api as timeline_api
from services.intake.transfer import api_exports
from services.intake.transfer import api_imports as transfer_api
from services.intake.verification import api as verification_api
from services.intake.watchers import api as watchers_api

ROUTERS = [
    part.router
    for part in (
        tickets_api,
        list_api,
        search_api,
        views_api,
        staff_api,
        changes_api,
        macros_api,
        drafts_api,
        call_back_causes_api,
        conversation_api,
        attachments_api,
        quarantine_api,
        consents_api,
        verification_api,
        closing_api,
        customers_api,
        api_imports,
        api_companies,
        api_contacts,
        products_api,
        forms_api,
        links_api,
        link_pages,
        channels_api,
        mails_api,
        calls_api,
        merging_api,
        relations_api,
        splitting_api,
        watchers_api,
        timeline_api,
        api_exports,
        transfer_api,
        erasure_api,
        deflection_api,
        api_sign_in,
        api_tickets,
        api_acts,
        console_sign_in,
        console_api,
    )
]
