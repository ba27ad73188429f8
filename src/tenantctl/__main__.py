"""``python -m tenantctl``."""

from tenantctl.cli.main import run

if __name__ == "__main__":
    run()
