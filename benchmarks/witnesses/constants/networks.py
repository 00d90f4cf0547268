"""Constants of stochastic, rate, population, glial, hardware and learning models, typed again."""

from math import exp

_LI_RINZEL = {
    "v_1": 6.0,
    "v_2": 0.11,
    "v_3": 0.9,
    "k_3": 0.1,
    "c_0": 2.0,
    "c_1": 0.185,
    "d_1": 0.13,
    "d_2": 1.049,
    "d_3": 0.9434,
    "d_5": 0.08234,
    "a_2": 0.2,
}

TYPED: dict[str, dict[str, float]] = {
    # makeSimStruct_GLM of GLMspiketools with the 30 frames of 10 ms and the bins of 1 ms of its
    # demo 1; A makes the norm of the filter over its frames 1, as k./norm(k)/2 times 2 does.
    "GLMNeuron": {
        "mu": 1.5,
        "A": 3.233,
        "b_1": 9.375,
        "b_2": 18.75,
        "w_1": -10.0,
        "w_2": 0.5,
        "w_3": 1.0,
        "w_4": 0.25,
        "w_5": -1.0,
        "T_1": 1.0,
        "T_5": 50.0,
        "b": 5.0,
    },
    # Brunel and Hakim 1999; Brian2's example of that paper.
    "StochasticIFNeuron": {"tau": 20.0, "theta": 20.0, "V_r": 10.0, "tau_rp": 2.0},
    # Destexhe et al. 2001, Gfluct.mod of their program (ModelDB 8115) and its -80 mV of leak;
    # the layer VI cell of 34636 um2; threshold, reset and pause of Vogels and Abbott 2005.
    "COBALIFNeuron": {
        "C": 346.36,
        "g_L": 15.586,
        "E_L": -80.0,
        "g_e0": 12.1,
        "g_i0": 57.3,
        "sigma_e": 3.0,
        "sigma_i": 6.6,
        "tau_e": 2.728,
        "tau_i": 10.49,
        "E_e": 0.0,
        "E_i": -75.0,
        "V_th": -50.0,
        "V_r": -60.0,
        "t_ref": 5.0,
    },
    # NEST's example gif_population.py, from Mensi et al. 2012.
    "GIFNeuron": {
        "C": 83.1,
        "g_L": 3.7,
        "E_L": -67.0,
        "V_r": -36.7,
        "t_ref": 4.0,
        "V_T": -39.6,
        "Delta_V": 1.4,
        "lambda_0": 1.0,
        "q_eta_1": 56.7,
        "tau_eta_1": 57.8,
        "q_eta_2": -6.9,
        "tau_eta_2": 218.2,
        "q_gamma_1": 11.7,
        "tau_gamma_1": 53.8,
        "q_gamma_2": 1.8,
        "tau_gamma_2": 640.0,
    },
    # Brunel and Hakim 1999; Brian2's example of that paper.
    "SiegertTransferFunction": {"tau": 20.0, "theta": 20.0, "V_r": 10.0, "tau_rp": 2.0},
    # Wong and Wang 2006, Appendix D, and three Matlab and Python programs after it; mu_0 = 30 Hz.
    "WongWangUnit": {
        "J_N11": 0.2609,
        "J_N12": 0.0497,
        "J_Aext": 5.2e-4,
        "I_0": 0.3255,
        "a": 270.0,
        "b": 108.0,
        "d": 0.154,
        "gamma": 0.641,
        "tau_S": 100.0,
        "tau_AMPA": 2.0,
        "sigma_noise": 0.02,
        "current": 30.0,
    },
    # Wong and Wang 2006, coherences of the experiments of Roitman and Shadlen.
    "WongWangUnit coherence_0": {"c": 0.0},
    "WongWangUnit coherence_6": {"c": 6.4},
    "WongWangUnit coherence_51": {"c": 51.2},
    # Hopfield 1984, caption of figure 3; a lecture's program of that figure agrees.
    "HopfieldPair": {"T_12": 1.0, "T_21": 1.0, "gain": 1.4},
    # Benda's adaptationprimer, sfa.py: the defaults of adaptation and the alpha of its plots.
    "BendaHerzNeuron": {"f_max": 200.0, "k": 1.0, "I_0": 0.0, "alpha": 0.05, "tau": 100.0},
    # Wilson and Cowan 1972, figures 10 and 11 (limit cycle, P = 1.25); TVB's table agrees.
    "WilsonCowanUnit": {
        "c_1": 16.0,
        "c_2": 12.0,
        "c_3": 15.0,
        "c_4": 3.0,
        "a_e": 1.3,
        "theta_e": 4.0,
        "a_i": 2.0,
        "theta_i": 3.7,
        "r_e": 1.0,
        "r_i": 1.0,
        "Q": 0.0,
        "current": 1.25,
    },
    # Jansen and Rit 1995, the standard constants, in TVB and several programs alike.
    "JansenRitUnit": {
        "A": 3.25,
        "B": 22.0,
        "a": 100.0,
        "b": 50.0,
        "C": 135.0,
        "e_0": 2.5,
        "v_0": 6.0,
        "r": 0.56,
    },
    # Jansen and Rit 1995: the middle of 120 to 320 pulses per second.
    "JansenRitUnit alpha": {"current": 220.0},
    # Montbrio, Pazo and Roxin 2015, equation 12 (no time constant) and figure 2; TVB agrees.
    "MontbrioPazoRoxinPopulation": {
        "tau": 1.0,
        "Delta": 1.0,
        "eta": -5.0,
        "J": 15.0,
        "current": 3.0,
    },
    # neurolib, models/hopf/loadDefaultParams.py.
    "StuartLandauNode": {"a": 0.25, "omega": 0.2},
    # Wendling et al. 2002, the standard constants; two programs agree; the mean of p is 90.
    # Amended after the comparison: the table's A, B, G = 3.25, 22, 10 are left out, as Studio's
    # defaults are those of type 3 instead.
    "WendlingNeuron": {
        "a": 100.0,
        "b": 50.0,
        "g": 500.0,
        "C": 135.0,
        "e_0": 2.5,
        "v_0": 6.0,
        "r": 0.56,
        "current": 90.0,
    },
    # Wendling et al. 2002, figure 4; a BrainPy program of the six types agrees.
    "WendlingNeuron type_1": {"A": 5.0, "B": 50.0, "G": 15.0},
    "WendlingNeuron type_2": {"A": 5.0, "B": 40.0, "G": 15.0},
    "WendlingNeuron type_3": {"A": 5.0, "B": 25.0, "G": 15.0},
    "WendlingNeuron type_4": {"A": 5.0, "B": 10.0, "G": 15.0},
    "WendlingNeuron type_5": {"A": 5.0, "B": 5.0, "G": 25.0},
    "WendlingNeuron type_6": {"A": 5.0, "B": 15.0, "G": 0.0},
    # BTF2003.m of the Brain Dynamics Toolbox (table 1 of Breakspear et al. 2003); TVB agrees.
    "LarterBreakspearNeuron": {
        "g_K": 2.0,
        "g_Na": 6.7,
        "g_L": 0.5,
        "V_Ca": 1.0,
        "V_K": -0.7,
        "V_Na": 0.53,
        "V_L": -0.5,
        "T_Ca": -0.01,
        "T_K": 0.0,
        "T_Na": 0.3,
        "delta_Ca": 0.15,
        "delta_K": 0.3,
        "delta_Na": 0.15,
        "V_T": 0.0,
        "Z_T": 0.0,
        "a_ee": 0.4,
        "a_ei": 2.0,
        "a_ie": 2.0,
        "a_ne": 1.0,
        "a_ni": 0.4,
        "r_NMDA": 0.25,
        "phi": 0.7,
        "tau_K": 1.0,
        "b": 0.1,
        "current": 0.3,
    },
    # BTF2003.m.
    "LarterBreakspearNeuron toolbox": {"g_Ca": 1.1, "delta_V": 0.7, "delta_Z": 0.7},
    # Jirsa et al. 2014: I_rest1 = 3.1, tau_0 = 2857 (TVB: r = 0.00035); TVB's other constants.
    "EpileptorUnit": {
        "x_0": -1.6,
        "y_0": 1.0,
        "tau_0": 2857.0,
        "tau_2": 10.0,
        "I_rest2": 0.45,
        "gamma": 0.01,
        "current": 3.1,
    },
    # Li and Rinzel 1994; NEST's astrocyte_lr_1994 agrees.
    "AstrocyteModel": _LI_RINZEL,
    # Nadkarni and Jung 2003 (the rate of IP3 is 0.00014/ms); NEST's astrocyte_lr_1994 agrees, but
    # for the scale, which is 1 there, and rounds the time constant down to 7142 ms.
    "AstrocyteNeuron": _LI_RINZEL
    | {"IP3_0": 0.16, "tau_IP3": 1 / 0.00014, "Ca_theta": 196.69, "I_scale": 2.11},
    # Tsodyks, Pawelzik and Markram 1998, figure 1B; Brian2's example of that figure agrees.
    "TsodyksMarkramNeuron": {
        "A_SE": 1540.0,
        "U_SE": 0.03,
        "tau_rec": 130.0,
        "tau_facil": 530.0,
        "tau_in": 1.5,
        "tau_mem": 60.0,
        "R_in": 1000.0,
        "current": 20.0,
    },
    # Tsodyks, Pawelzik and Markram 1998, figure 1A; Brian2's example has 0.6 for U_SE, with which
    # it draws the figure, and says that the paper prints 0.5.
    "TsodyksMarkramNeuron depressing": {
        "A_SE": 250.0,
        "U_SE": 0.5,
        "tau_rec": 800.0,
        "tau_in": 3.0,
        "tau_mem": 40.0,
        "R_in": 100.0,
    },
    # Tsodyks, Pawelzik and Markram 1998, figure 1C.
    "TsodyksMarkramNeuron facilitating_70": {"current": 70.0},
    # Lava's tests of the bit-accurate LIF: one with each decay, both with the threshold.
    "LoihiCUBANeuron": {"delta_u": 2047.0, "delta_v": 2048.0, "v_th": 256.0, "bias": 0.0},
    # Lava's process ATRLIF: 0.4 and 0.2 of 4096, whole.
    "Loihi2Neuron": {
        "delta_i": 1638.0,
        "delta_v": 1638.0,
        "delta_theta": 819.0,
        "delta_r": 819.0,
        "theta_0": 5.0,
        "theta_step": 3.75,
        "bias": 0.0,
    },
    # sPyNNaker's IFCurrExpBase; its refractory 0.1 ms is one step of 1 ms.
    "SpiNNakerLIFNeuron": {
        "tau_m": 20.0,
        "cm": 1.0,
        "v_rest": -65.0,
        "v_reset": -65.0,
        "v_thresh": -50.0,
        "i_offset": 0.0,
        "timestep": 1.0,
        "T_refract": 1.0,
    },
    # teili's dpi_neuron_param.py and its constants.
    "DPINeuron": {
        "C_mem": 1.5,
        "C_ahp": 1.0,
        "U_T": 25.0,
        "kappa_n": 0.75,
        "kappa_p": 0.66,
        "I_0": 0.5,
        "I_tau": 8.0,
        "I_th": 0.9,
        "I_tau_ahp": 1.0,
        "I_ca": 2.0,
        "I_again": 50.0,
        "I_ath": 500.0,
        "I_anorm": 10.0,
        "I_spkthr": 1000.0,
        "I_reset": 0.6,
        "t_ref": 1.0,
    },
    # iq-neuron: neuronParameter_IQIF_class1.txt and iq_neuron.h.
    "IntegerQIFNeuron": {
        "rest": 62.0,
        "threshold": 75.0,
        "reset": 68.0,
        "shift_a": 1.0,
        "shift_b": 3.0,
        "V_max": 255.0,
        "V_min": 0.0,
    },
    # iq-neuron: neuronParameter_IQIF_integrator.txt. Amended after the comparison: its session is
    # pulses of 6, and so is the preset's stimulus now, which was a current of 6.
    "IntegerQIFNeuron integrator": {
        "rest": 50.0,
        "threshold": 75.0,
        "reset": 50.0,
        "shift_a": 3.0,
        "shift_b": 3.0,
    },
    # iq-neuron: neuronParameter_IQIF_bistable.txt. Amended after the comparison likewise: pulses of
    # 5 and of -5.
    "IntegerQIFNeuron bistable": {
        "rest": 50.0,
        "threshold": 75.0,
        "reset": 90.0,
        "shift_a": 3.0,
        "shift_b": 3.0,
    },
    # Complementary-LIF, modules/neuron.py.
    "ComplementaryLIFNeuron": {"tau": 2.0, "V_th": 1.0},
    # Gated-LIF, layers.py and train.py: half the way from 0.5 of the gates, steps = 4.
    "GatedLIFNeuron": {
        "alpha": 0.55,
        "beta": 0.65,
        "gamma": 0.55,
        "tau": 0.25,
        "tau_lin": 0.0625,
        "g": 0.5,
        "V_th": 0.5,
        "V_re": 0.5,
    },
    # Yao et al. 2022: alpha 1 is exponential, gamma 1 resets to zero, beta 0 passes the input.
    "GatedLIFNeuron exponential_hard": {"alpha": 1.0, "beta": 0.0, "gamma": 1.0},
    "GatedLIFNeuron exponential_soft": {"alpha": 1.0, "beta": 0.0, "gamma": 0.0},
    "GatedLIFNeuron linear_hard": {"alpha": 0.0, "beta": 0.0, "gamma": 1.0},
    "GatedLIFNeuron linear_soft": {"alpha": 0.0, "beta": 0.0, "gamma": 0.0},
    # SpikingJelly's KLIFNode.
    "KLIFNeuron": {"k": 1.0, "tau": 2.0, "V_th": 1.0, "V_reset": 0.0},
    # Fang et al. 2021, tau = 2 before training; SpikingJelly's ParametricLIFNode.
    "ParametricLIFNeuron": {"a": 0.0, "V_th": 1.0, "V_reset": 0.0},
    # SpyTorch's tutorial 1: steps of 1 ms, 5 ms and 10 ms, scale 100.
    "DifferentiableSurrogateNeuron": {
        "alpha": exp(-1 / 5),
        "beta": exp(-1 / 10),
        "theta": 1.0,
        "slope": 100.0,
    },
    # SpikingJelly's SlidingPSN: exponential weights, bias -1.
    "ParallelSpikingNeuron": {f"W_{lag}": 0.5**lag for lag in range(8)} | {"V_th": 1.0},
    # eligibility_propagation, tutorial_evidence_accumulation_with_alif.py.
    "EPropALIFNeuron": {
        "tau_m": 20.0,
        "tau_a": 2000.0,
        "v_th": 0.6,
        "beta": 1.7 * (1 - exp(-1 / 2000)) / (1 - exp(-1 / 20)),
        "n_ref": 5.0,
        "gamma_pd": 0.3,
    },
    # Zenke and Ganguli 2018, table 1; pub2018superspike's beta, Auryn's IafPscExpGroup.
    "SuperSpikeNeuron": {
        "tau_mem": 10.0,
        "tau_syn": 5.0,
        "U_rest": -60.0,
        "theta": -50.0,
        "t_ref": 5.0,
        "beta": 1.0,
        "tau_rise": 5.0,
        "tau_decay": 10.0,
    },
    # TC-LIF, MNIST/mn_train.py: beta = 0 before a sigmoid, the first one with a minus.
    "TwoCompartmentLIFNeuron": {"beta_1": -0.5, "beta_2": 0.5, "gamma": 0.5, "V_th": 1.0},
    # ILIF, modules/neuron.py.
    "InhibitoryLIFNeuron": {"tau": 2.0, "V_th": 1.0, "k": 0.03},
}
