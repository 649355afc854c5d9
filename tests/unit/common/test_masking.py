import testtools

from valence.common.masking import masked


class MaskingTest(testtools.TestCase):
    def test_secrets_are_hidden_wherever_they_are(self):
        for name in (
            'Password',
            'AccountPassword',
            'password',
            'CHAPSecret',
            'Token',
            'AuthToken',
            'PreSharedKey',
            'PrivateKey',
            'EncryptionKey',
            'AuthenticationKey',
            'PassPhrase',
            'KeyString',
            'CommunityString',
        ):
            for value in ('x', 5, True):
                document = {'a': [{'b': {name: value}}], 'c': 1}
                self.assertEqual(
                    {'a': [{'b': {name: '***'}}], 'c': 1}, masked(document)
                )

    def test_lists_of_secrets(self):
        self.assertEqual(
            {'Tokens': ['***', {'Name': 'n', 'Token': '***'}]},
            masked({'Tokens': ['t', {'Name': 'n', 'Token': 't'}]}),
        )
        self.assertEqual(
            {'CommunityStrings': [{'Name': 'n', 'CommunityString': '***'}]},
            masked(
                {'CommunityStrings': [{'Name': 'n', 'CommunityString': 'c'}]}
            ),
        )

    def test_what_is_no_secret_is_told(self):
        document = {
            'Password': None,
            'Token': '',
            'PasswordChangeRequired': False,
            'MinPasswordLength': 8,
            'PasswordExpiration': '2026-01-01',
            'EncryptionKeyPresent': True,
            'SupportedPasswords': False,
            'Keys': {'@odata.id': '/redfish/v1/Keys'},
            'Secrets': {'@odata.id': '/redfish/v1/Secrets'},
            'Name': 'password: secret',
        }
        self.assertEqual(document, masked(document))
