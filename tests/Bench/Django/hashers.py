from django.contrib.auth.hashers import Argon2PasswordHasher


class BenchArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with the parameters of AuthServer, so that both servers pay the same for a password."""

    time_cost = 3
    memory_cost = 12 * 1024  # KiB
    parallelism = 1
