"""The provider's token endpoint."""

from dataclasses import dataclass

import httpx2

from services.intake.portal.settings import SignInSettings
from services.intake.portal.sign_in import SignInFailed
from shared.domain import Unavailable

WITHIN = 5.0  # seconds
MAX_TOKEN = 3_800  # characters: browsers keep no cookie above 4096 bytes


@dataclass(frozen=True)
class Provider:
    settings: SignInSettings

    async def token(self, code: str, verifier: str, back: str) -> str:
        """The access token that the code stands for. Raises SignInFailed, Unavailable."""
        settings = self.settings
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "client_id": settings.client,
            "code_verifier": verifier,
        }
        auth = httpx2.BasicAuth(settings.client, settings.secret.get_secret_value()) if settings.secret else None
        try:
            async with httpx2.AsyncClient(timeout=WITHIN, trust_env=False, auth=auth) as client:
                answer = await client.post(settings.token_url, data=form)
            found = answer.json() if answer.status_code == 200 else {}
        except httpx2.HTTPError as error:
            raise Unavailable("The sign-in service is not responding", "登录服务无响应") from error
        except ValueError as error:
            raise _refused() from error
        token = found.get("access_token") if isinstance(found, dict) else None
        if not isinstance(token, str) or not token.isascii():
            raise _refused()
        if len(token) > MAX_TOKEN:
            raise SignInFailed("The access token is too long for a browser", "访问令牌过长，浏览器无法保存")
        return token


def _refused() -> SignInFailed:
    return SignInFailed("The sign-in service did not accept it; please try again", "登录服务未接受，请重新登录")
