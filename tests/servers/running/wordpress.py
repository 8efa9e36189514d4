"""WordPress, as Debian packages it, on PHP's own web server and a MariaDB of its own."""

import secrets
import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp

from . import mariadb
from .installed import folder as installed_folder
from .installed import program
from .processes import NotStarted, answering, free_ports, process, run

HOME = "/usr/share/wordpress"
SALTS = [f"{name}_{kind}" for name in ("AUTH", "SECURE_AUTH", "LOGGED_IN", "NONCE") for kind in ("KEY", "SALT")]

CONFIG = """\
<?php
define('DB_NAME', 'wordpress');
define('DB_USER', 'wordpress');
define('DB_PASSWORD', 'wordpress');
define('DB_HOST', 'localhost:{socket}');
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
{salts}
define('WP_ENVIRONMENT_TYPE', 'local');
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('DISABLE_WP_CRON', true);
define('AUTOMATIC_UPDATER_DISABLED', true);
define('WP_HOME', '{url}');
define('WP_SITEURL', '{url}');
define('WP_CONTENT_DIR', '{site}/wp-content');
$table_prefix = 'wp_';
if (!defined('ABSPATH')) {{ define('ABSPATH', '{site}/'); }}
require_once ABSPATH . 'wp-settings.php';
"""
TOKEN = """\
<?php
require $argv[1] . '/wp-load.php';
update_option('permalink_structure', '/%postname%/');
flush_rewrite_rules();
echo WP_Application_Passwords::create_new_application_password(1, ['name' => 'lockgate'])[0];
"""
DATABASE = """
CREATE DATABASE wordpress CHARACTER SET utf8mb4;
CREATE USER wordpress@localhost IDENTIFIED BY 'wordpress';
GRANT ALL ON wordpress.* TO wordpress@localhost;
"""


@dataclass(frozen=True)
class WordPress:
    url: str
    site: Path
    """Its files; a plugin goes to `wp-content/mu-plugins`."""
    application_password: str
    user: str = "admin"


@asynccontextmanager
async def running(folder: Path, plugins: Sequence[Path] = ()) -> AsyncIterator[WordPress]:
    """A WordPress with these must-use plugins that lives in the folder until the block ends.

    Raises NotInstalled, NotStarted.
    """
    home, php = installed_folder(HOME, package="wordpress"), program("php", package="php-cli")
    (port,) = free_ports(1)
    url, site = f"http://127.0.0.1:{port}", folder / "site"
    async with mariadb.running(folder / "database") as database:
        await database.run(DATABASE)
        shutil.copytree(home, site)
        shutil.rmtree(site / "wp-content" / "mu-plugins", ignore_errors=True)
        (site / "wp-content" / "mu-plugins").mkdir(parents=True)
        for plugin in plugins:
            shutil.copy(plugin, site / "wp-content" / "mu-plugins")
        salts = "\n".join(f"define('{name}', '{secrets.token_hex(32)}');" for name in SALTS)
        (site / "wp-config.php").write_text(CONFIG.format(socket=database.socket, salts=salts, url=url, site=site))
        command: list[object] = [
            php,
            "-d",
            "upload_max_filesize=64M",
            "-d",
            "post_max_size=64M",
            "-d",
            "memory_limit=256M",
        ]
        command += ["-S", f"127.0.0.1:{port}", "-t", site]
        ready = answering(f"{url}/wp-admin/install.php")
        async with process("php", command, folder=folder, env={"PHP_CLI_SERVER_WORKERS": "4"}, ready=ready):
            await _install(url)
            (folder / "token.php").write_text(TOKEN)
            password = await run([php, folder / "token.php", site], folder=folder)
            yield WordPress(url=url, site=site, application_password=password.strip())


async def _install(url: str) -> None:
    """What a person does in the browser at first: name the site and its administrator."""
    form = {
        "weblog_title": "Lockgate's test site",
        "user_name": "admin",
        "admin_password": (password := secrets.token_urlsafe(12)),
        "admin_password2": password,
        "pw_weak": "1",
        "admin_email": "admin@example.com",
        "blog_public": "0",
    }
    async with aiohttp.ClientSession() as http, http.post(f"{url}/wp-admin/install.php?step=2", data=form) as answer:
        page = await answer.text()
        if not answer.ok or "wp-login.php" not in page:
            raise NotStarted(f"WordPress's own set-up failed with {answer.status}: {page[-1500:]}")
